"""Pictures of the characters: brought to ComfyUI, and into a workflow.

Each is read and made plain here (see :mod:`..storyboard.pictures`), so that ComfyUI's own loader
never meets a format, a depth or a size it gets wrong.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ...storyboard.panels import UPLOADS, hashes
from ...storyboard.pictures import Picture
from ...storyboard.story import Story
from ..server.client import Client
from .graph import Graph
from .options import check_picture

TITLE = "Reference"
"""Of the node that loads such a picture on the canvas."""
FACE_NODES = {"IPAdapterFaceID"}
"""Nodes that fail in the middle of a board on a picture without a face."""


def take_references(
    graph: Graph, client: Client, paths: Sequence[Path], upload: bool = True
) -> list[str]:
    """Give a workflow the pictures of the characters, in the order of the story.

    A workflow's own example picture goes: it is there for the canvas.

    :param upload: whether to bring them to ComfyUI as well.
    :returns: what their owner should know of them.
    :raises InputError: ``reference_unusable``, naming the file.
    """
    if graph.has(TITLE):
        graph.remove(TITLE)
    notices, last = [], ""
    for number, path in enumerate(paths, 1):
        picture = check_picture(path)
        notices += picture.notices
        name = _bring(picture, client if upload else None)
        loaded = graph.add("LoadImage", f"{TITLE} {number}", image=f"{UPLOADS}/{name}")
        others = {"others": [last, 0]} if last else {}
        last = graph.add(
            "AldarCharacterReference",
            f"Character reference {number}",
            image=[loaded, 0],
            character="",
            **others,
        )
    if last:
        graph.join("Frames", "pictures", last)
    return notices


def faceless(graph: Graph, paths: Sequence[Path], models: Path | None) -> Iterator[str]:
    """Which pictures show no face to a workflow that needs one, as far as can be seen here.

    :param models: ComfyUI's models folder, if it is on this disk.
    """
    kinds = {node["class_type"] for node in graph.nodes.values()}
    if not paths or not kinds & FACE_NODES:
        return
    try:
        import numpy as np

        from ...storyboard.gate.measure.face_models import open_faces
        from ...storyboard.gate.measure.faces import Missing
    except ImportError:  # a runner without torch: ComfyUI will find out
        return
    faces = open_faces("auto", models)
    if isinstance(faces, Missing):
        return
    for path in paths:
        if not faces.find(np.asarray(check_picture(path).image)):
            yield (
                f"{path.name} shows no face that {faces.name} finds: FaceID may fail on it. "
                "Give a picture with one face, well lit and not cut."
            )


def bring_panels(client: Client, story: Story, panels: Path) -> None:
    """Bring the own panels of a story to ComfyUI; those it has stay.

    :param panels: where they lie.
    :raises AldarError: if ComfyUI does not take them.
    """
    for name in hashes(story):
        if not client.has(f"{name}.png", UPLOADS, "input"):
            client.upload(panels / f"{name}.png", UPLOADS)


def bring_again(graph: Graph, client: Client, paths: Iterable[Path]) -> None:
    """Bring the pictures a workflow loads to a ComfyUI that has them no more.

    A picture that is nowhere stays away; ComfyUI then says which node misses it.

    :param paths: the pictures the workflow was made with.
    """
    loaded = {
        str(node["inputs"].get("image"))
        for node in graph.nodes.values()
        if node["class_type"] == "LoadImage"
    }
    wanted = {name for name in loaded if name.startswith(f"{UPLOADS}/")}
    for path in paths if wanted else ():
        if path.is_file():
            picture = check_picture(path)
            name, _ = _plain(picture)
            if f"{UPLOADS}/{name}" in wanted and not client.has(name, UPLOADS, "input"):
                _bring(picture, client)


def _plain(picture: Picture) -> tuple[str, bytes]:
    """A picture as PNG, and its name in ComfyUI's input folder: the same for the same."""
    buffer = io.BytesIO()
    picture.image.save(buffer, "PNG", compress_level=1)
    data = buffer.getvalue()
    return f"{hashlib.sha256(data).hexdigest()[:32]}.png", data


def _bring(picture: Picture, client: Client | None) -> str:
    """Put a picture into ComfyUI's input folder; its name there."""
    name, data = _plain(picture)
    if client is not None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(data)
            client.upload(path, UPLOADS, name)
    return name
