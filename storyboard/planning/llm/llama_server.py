"""llama.cpp's server as a process of its own: ``python llama_server.py OPTIONS.json``.

A plain script, run by path, so that nothing of ours is imported; :mod:`.engine` starts it. The
options tell the model file, the port (0 for any free one), how many threads and how long a
context, the key that is asked for, and into which file the address goes once the model is loaded.
It ends when its standard input closes, which happens however the parent ends.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Any


def end_with_parent() -> None:
    """End at once when nobody holds the other end of standard input any more."""
    while sys.stdin.buffer.read(1024):
        pass
    os._exit(1)


def serve(options: dict[str, Any]) -> None:
    xllamacpp: Any = import_module("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = options["model"]
    params.model_alias = {options["alias"]}
    params.hostnames = ["127.0.0.1"]
    params.port = options["port"]
    params.api_keys = [options["key"]]
    params.n_ctx = options["context"]
    params.n_parallel = 1
    params.n_predict = options["context"]
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = options["threads"]
    params.use_jinja = True
    params.warmup = params.ui = False
    server = xllamacpp.Server(params)  # returns once the model is loaded, and serves in a thread
    address = Path(options["address"])
    part = address.with_suffix(".part")
    part.write_text(server.listening_address, "utf-8")
    part.replace(address)
    threading.Event().wait()


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    serve(json.loads(Path(sys.argv[1]).read_text("utf-8")))
