"""``aldar models pull``: every file that is missing, several at once, each whole or not at all."""

from __future__ import annotations

import shutil
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Literal

from ...storyboard.errors import AldarError, RunnerError
from ...storyboard.files import hash_of
from .fetch import Fetch
from .folder import ModelsFolder, View, begun
from .manifest import Licence, ModelFile, Piece
from .sources import Source, mirrored, source
from .streams import SourceError, Stopped
from .unpack import unpack

Fate = Literal["fetched", "there", "yours"]
Accept = Callable[[dict[Licence, list[str]]], bool]
"""Asked whether these licences, of these files, are accepted."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file."""

    path: str
    fate: Fate
    """``yours``: an optional file that only the user has, and it is not said where."""
    source: str = ""
    """Where it came from, without secrets."""
    recorded: tuple[str, ...] = ()
    """What has no published hash, so that this one is remembered from now on."""


@dataclass
class Pull:
    """One run of the command.

    :param accept: asked before a file is fetched whose licence has to be accepted.
    """

    folder: ModelsFolder
    view: View
    accept: Accept
    place: str = ""
    """A mirror: the only place that is looked at, if one is given."""
    force: bool = False
    """Whether other files in the way are replaced."""
    jobs: int = 3
    """How many files are worked on at once."""
    pause: float = 0.5
    """Seconds before a source is asked again; they double with every further time."""
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self, files: Sequence[ModelFile]) -> list[Outcome]:
        """Bring these files. What arrives stays, also if another one fails.

        :raises AldarError: the first thing that went wrong, and all others in its message.
        """
        sources = {file.path: self._sources(file.path, file.sources) for file in files}
        with self.folder.locked():
            missing = [file for file in files if self._needed(file) and sources[file.path]]
            self._ask(missing)
            self._make_sure_of_room(missing)
            pool = ThreadPoolExecutor(max(1, self.jobs), "pull")
            work = [pool.submit(self._bring, file, sources[file.path]) for file in files]
            try:
                wait(work)
            except KeyboardInterrupt:
                raise RunnerError(
                    "interrupted",
                    "The pull was interrupted.",
                    "What is here stays: the same command goes on from there.",
                ) from None
            finally:
                self._stop.set()
                pool.shutdown(cancel_futures=True)
        errors = [error for job in work if (error := job.exception()) is not None]
        if errors:
            raise _joined(errors)
        return [job.result() for job in work]

    def _sources(self, path: str, addresses: Sequence[str]) -> list[Source]:
        if self.place:
            return mirrored(self.place, path)
        return [source(address) for address in addresses]

    def _needed(self, file: ModelFile) -> bool:
        return self.force or self.folder.state(file) in ("missing", "begun")

    def _ask(self, files: Sequence[ModelFile]) -> None:
        open_licences: dict[Licence, list[str]] = defaultdict(list)
        for file in files:
            if file.licence.accept:
                open_licences[file.licence].append(file.path)
        if open_licences and not self.accept(open_licences):
            terms = "; ".join(f"{licence.name} ({licence.url})" for licence in open_licences)
            raise RunnerError(
                "licence_not_accepted",
                f"Some files may be used under their licence only: {terms}. Nothing was fetched.",
                "Read it; if you accept it, add --accept-licences.",
            )

    def _make_sure_of_room(self, files: Sequence[ModelFile]) -> None:
        """Every disk that models lie on (folders may be links) has room for what goes there."""
        needed: dict[int, int] = defaultdict(int)
        free: dict[int, int] = {}
        for file in files:
            place = self.folder.path / file.path
            size = (file.bytes or 0) + sum(member.bytes for member in file.unpack)
            parent = next(parent for parent in place.parents if parent.is_dir())
            disk = parent.stat().st_dev
            needed[disk] += max(0, size - (begun(place) or 0))
            free[disk] = shutil.disk_usage(parent).free
        for disk, size in needed.items():
            if size > free[disk]:
                raise RunnerError(
                    "disk_full",
                    f"The files need {size / 1e9:.1f} GB, and {free[disk] / 1e9:.1f} GB are free "
                    f"at {self.folder.path}.",
                    "Free some space, or give a folder on another disk with --models.",
                )

    def _bring(self, file: ModelFile, sources: list[Source]) -> Outcome:
        if self._stop.is_set():
            raise Stopped
        try:
            fate, place = self._brought(file, sources)
        except AldarError as error:
            if error.code == "disk_full":
                self._stop.set()  # the others would fill it up again
            raise
        recorded = [piece.path for piece in file.pieces if not piece.sha256]
        return Outcome(file.path, fate, place, () if fate == "yours" else tuple(recorded))

    def _brought(self, file: ModelFile, sources: list[Source]) -> tuple[Fate, str]:
        """See to one file; return what became of it, and where it came from."""
        pieces = [piece for piece in file.pieces if not self._held(file, piece)]
        if not pieces:
            return "there", ""
        archive = self.folder.path / file.path
        if file.unpack and archive.is_file() and file.sha256 == hash_of(archive):
            unpack(file, pieces, archive, self.folder)
            return "fetched", str(archive)
        if not sources and file.optional:
            return "yours", ""
        if not sources:
            raise RunnerError(
                "model_unavailable",
                f"It is not known where {file.path} can be had.",
                f"Put it into {self.folder.path / file.folder}, or give --from.",
            )
        if not file.unpack:
            return "fetched", self._fetch(pieces[0], sources)
        try:
            shown = self._fetch(Piece(file.path, file.bytes, file.sha256), sources, keep=False)
        except Unavailable as error:
            if not (self.place and error.missing):
                raise
            # Another models folder is a mirror too: it has the files, and no archive.
            for piece in pieces:
                self._fetch(piece, self._sources(piece.path, ()))
            return "fetched", self.place
        unpack(file, pieces, archive, self.folder)
        archive.unlink()
        return "fetched", shown

    def _held(self, file: ModelFile, piece: Piece) -> bool:
        """Whether a file is there and stays; then its hash is recorded.

        :raises RunnerError: ``file_in_the_way`` if it is not what belongs there.
        """
        path = self.folder.place(piece)
        if not path.is_file() or (self.force and piece.sha256 is None):
            return False
        if self.folder.known(piece):
            return True
        with self.view.working(f"Checking {piece.path}") as tell:
            check = self.folder.check(file, piece, tell)
        if check.verdict == "wrong" and not self.force:
            raise RunnerError(
                "file_in_the_way",
                f"{path} is another file: {check.reason}.",
                "Move it away if you want to keep it, or replace it with --force.",
            )
        if check.verdict != "wrong":
            self.folder.record(piece, check.sha256, "")
        return check.verdict != "wrong"

    def _fetch(self, piece: Piece, sources: Sequence[Source], keep: bool = True) -> str:
        """Bring a file from the first source that has it; return that source's address.

        :param keep: whether it is one of those that are recorded.
        :raises RunnerError: ``model_wrong`` or ``model_unavailable`` if none has it.
        """
        failed: list[tuple[str, SourceError]] = []
        wrong: list[RunnerError] = []
        target = self.folder.place(piece)
        recorded = None if self.force else self.folder.expected(piece)
        with self.view.working(f"Fetching {piece.path}") as tell:
            for place in sources:
                try:
                    fetch = Fetch(piece, target, place, recorded, self._stop, tell, self.pause)
                    sha256 = fetch.run()
                except SourceError as error:
                    failed.append((place.shown, error))
                except RunnerError as error:
                    if error.code != "model_wrong":
                        raise
                    wrong.append(error)
                else:
                    if keep:
                        self.folder.record(piece, sha256, place.shown)
                    return place.shown
        raise wrong[0] if wrong else Unavailable(piece, failed)


class Unavailable(RunnerError):
    """None of its sources gives a file; ``missing`` if they all just do not have it."""

    def __init__(self, piece: Piece, failed: Sequence[tuple[str, SourceError]]) -> None:
        reasons = "; ".join(f"{shown} {error}" for shown, error in failed)
        hints = dict.fromkeys(error.hint for _, error in failed if error.hint)
        super().__init__(
            "model_unavailable",
            f"{piece.path} cannot be fetched: {reasons}.",
            " ".join(hints) or "Give another place with --from, or put the file there yourself.",
        )
        self.missing = all(error.missing for _, error in failed)


def _joined(errors: list[BaseException]) -> BaseException:
    """Several failures as one; a mistake of ours goes before all others."""
    ours = [error for error in errors if not isinstance(error, (AldarError, Stopped))]
    told = [error for error in errors if isinstance(error, AldarError)]
    if ours or len(told) < 2:
        return (ours or told or errors)[0]
    messages = " ".join(error.message for error in told)
    hints = " ".join(dict.fromkeys(error.hint for error in told))
    return RunnerError(told[0].code, messages, hints)
