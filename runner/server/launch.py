"""Starts ComfyUI's ``main.py`` inside this process: ``python launch.py COMFYUI/main.py ARGS…``.

A plain script, run by path, so that ComfyUI's folder and not the pack's stands first on
``sys.path`` (both have something called ``nodes``). It uses the standard library and torch only,
and repairs three things that ComfyUI leaves to its user:

* ComfyUI must be told ``--cpu`` where torch sees no accelerator. Only torch knows, and torch must
  not be imported before ComfyUI has set the memory allocator, so the flag is set when ComfyUI
  reaches its device module.
* torchvision does not import where its operators were built for another torch (the CUDA build of
  torchvision beside the CPU build of torch). ComfyUI needs none of these operators, so they are
  declared without an implementation.
* ComfyUI goes on when the program that started it is gone. Here it ends with its parent.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import os
import runpy
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

OPERATORS = ("nms", "qnms")
"""The operators torchvision describes at import, whether or not they exist."""

_keep: list[Any] = []  # a torch.library.Library withdraws its declarations when it is collected


def declare_torchvision_operators() -> None:
    """Declare torchvision's operators if its native library does not load on this torch."""
    spec = importlib.util.find_spec("torchvision")
    if spec is None or spec.origin is None or sys.platform != "linux":
        return
    import torch

    for path in Path(spec.origin).parent.glob("_C*.so"):
        try:
            torch.ops.load_library(str(path))
        except OSError:
            continue
        return
    library = torch.library.Library("torchvision", "FRAGMENT")
    for name in OPERATORS:
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    _keep.append(library)


def choose_cpu() -> None:
    """Set ComfyUI's ``--cpu`` if torch has no accelerator to offer."""
    import torch
    from comfy.cli_args import args  # pyright: ignore[reportMissingImports]

    if hasattr(torch, "accelerator"):
        offered = torch.accelerator.is_available()
    else:  # torch before 2.6
        offered = torch.cuda.is_available() or torch.backends.mps.is_available()
    args.cpu = args.cpu or not offered


class Before(importlib.abc.MetaPathFinder):
    """Runs an action once, right before a module is imported for the first time."""

    def __init__(self, actions: dict[str, Callable[[], None]]) -> None:
        self.actions = actions

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> None:
        action = self.actions.pop(fullname, None)
        if action is not None:
            action()


def end_with_parent() -> None:
    """End this process when its parent does, however the parent ends.

    The parent holds the other end of our standard input, which closes with it. On Linux the
    kernel is asked as well, because a thread gets no turn while native code holds the
    interpreter.
    """
    if sys.platform == "linux":
        import ctypes

        set_parent_death_signal = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)

    def wait() -> None:
        while os.read(0, 1024):
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def main(argv: list[str]) -> None:
    script = Path(argv[0]).resolve()
    sys.argv = [str(script), *argv[1:]]
    sys.path[0] = str(script.parent)
    end_with_parent()
    sys.meta_path.insert(
        0,
        Before(
            {
                "torchvision": declare_torchvision_operators,
                "comfy.model_management": choose_cpu,
            }
        ),
    )
    runpy.run_path(str(script), run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
