"""Sets are built here: from the pieces of their file, or by the painter it names."""

from __future__ import annotations

from collections.abc import Callable

from ... import sets
from ...story import Setting
from . import grounds, indoors, kit, outdoors, rooms
from .kit import PIECES, Stage
from .scenery import Scene, paint_sky, paint_specks

__all__ = ["build"]

_PAINTERS: dict[str, Callable[[Scene], None]] = indoors.PAINTERS | outdoors.PAINTERS
_MODULES = (kit, rooms, grounds)
"""Where the pieces are registered."""


def build(scene: Scene, setting: Setting) -> None:
    """Paint the set behind the figures.

    :raises KeyError: if its file names a painter or a piece that does not exist.
    """
    data = sets.named(setting)
    if data.painter:
        if not data.inside:
            paint_sky(scene)
        _PAINTERS[data.painter](scene)
    stage = Stage(scene, data.palette)
    for piece in data.pieces:
        arguments = dict(piece)
        PIECES[arguments.pop("piece")](stage, **arguments)
    if not data.floating:
        paint_specks(scene)
