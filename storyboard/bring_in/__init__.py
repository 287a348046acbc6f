"""Bring in: boards that were drawn elsewhere, as stories with the user's own panels."""

from __future__ import annotations

from pathlib import Path

from ..errors import InputError
from ..files import digest
from ..pictures import picture_files
from ..story import BoardFormat, Story
from .common import in_order
from .folder import story_of_pictures
from .storyboarder import SUFFIX, is_index, story_of_projects

__all__ = ["SUFFIX", "bring_in", "holds_board", "state"]


def bring_in(path: Path, panels: Path, format: BoardFormat | None = None) -> Story:
    """The story of a Storyboarder project, or of a folder of pictures.

    Texts become the shots', pictures their own panels; what could not be taken over is told in
    the story's ``planner.note``.

    :param path: a ``.storyboarder``; or a folder that holds one, or one a scene below
        ``storyboards/``; or a folder of pictures, in order of their names.
    :param panels: folder to put the pictures into (:mod:`..panels`).
    :param format: of the board; by default that which is nearest to the pictures'.
    :raises InputError: ``picture_unusable`` or ``story_invalid``, naming the file.
    :raises StoreError: if the pictures cannot be written.
    """
    try:
        projects = _projects(path)
        if projects:
            return story_of_projects(projects, path, panels, format)
        return story_of_pictures(path, panels, format)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            "story_invalid",
            f"{path} cannot be read: {reason}.",
            "Give a .storyboarder file, or a folder of pictures.",
        ) from error


def state(path: Path) -> str:
    """A cheap fingerprint of what :func:`bring_in` reads: changes when files come, go or change."""
    files = [path, *path.rglob("*")] if path.is_dir() else [path, *path.parent.glob("images/*")]
    times = [(str(file), file.stat().st_mtime_ns) for file in sorted(files) if file.exists()]
    return digest(times)


def holds_board(folder: Path) -> bool:
    """Whether a folder holds something to bring in. :raises OSError: if it cannot be read."""
    return bool(_projects(folder) or picture_files(folder))


def _projects(path: Path) -> list[Path]:
    """The files of a project, a scene each, in their order; none in a folder of pictures."""
    top = [path] if path.suffix.lower() == SUFFIX and not path.is_dir() else []
    folder = path if path.is_dir() else path.parent
    if not top:
        top = _named(folder)
    scenes = [
        file
        for scene in sorted((folder / "storyboards").glob("*"), key=in_order)
        if scene.is_dir()
        for file in _named(scene)
    ]
    return scenes if scenes and (not top or is_index(top[0])) else top


def _named(folder: Path) -> list[Path]:
    """The project files of a folder; those of a name beginning with a dot are no files of ours."""
    files = [file for file in folder.glob("*") if file.suffix.lower() == SUFFIX]
    return sorted((f for f in files if f.is_file() and not f.name.startswith(".")), key=in_order)
