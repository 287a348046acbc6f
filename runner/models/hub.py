"""Files of Hugging Face, downloaded by its own library: resumed, by Xet, with the user's token."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from pathlib import Path

from ..server.address import is_loopback
from .streams import SourceError, broken, package_missing, refusal

ADDRESS = re.compile(r"hf://([\w.-]+/[\w.-]+)/([^@]+)@([\w./-]+)")
"""``hf://OWNER/NAME/PATH@REVISION``"""
TERMS = (
    "Some models ask you to agree to their terms on their page first; then put a token of your "
    "Hugging Face account into HF_TOKEN."
)
LOOK = 0.2
"""Seconds between two looks at what has arrived: the library tells nobody before its 1.0."""


class Hub:
    """A file of Hugging Face, or of the mirror ``HF_ENDPOINT`` names.

    :param address: one that :data:`ADDRESS` matches.
    :raises RunnerError: ``package_missing``.
    """

    def __init__(self, address: str) -> None:
        try:
            import huggingface_hub  # noqa: F401
        except ImportError:
            raise package_missing("huggingface_hub", address) from None
        match = ADDRESS.fullmatch(address)
        assert match
        self.shown = address
        self._repository, self._file, self._revision = match.groups()

    def download(self, folder: Path, tell: Callable[[int], None]) -> Path:
        """Bring the file into a folder, in which a later download goes on where this one ended.

        :param tell: told how many bytes have arrived, now and then; it may raise to end it.
        :raises SourceError: if the hub does not give it.
        :raises OSError: if the disk does not take it.
        """
        done: Future[str] = Future()

        def work() -> None:
            try:
                done.set_result(self._bring(folder))
            except BaseException as error:
                done.set_exception(error)

        # Nothing can break the library off: a thread that does not keep the process alive can.
        threading.Thread(target=work, name="hub", daemon=True).start()
        while not wait([done], LOOK).done:
            tell(sum(part.stat().st_size for part in folder.rglob("*.incomplete")))
        try:
            return Path(done.result())
        except Exception as error:
            raise _told(error) from None

    def _bring(self, folder: Path) -> str:
        from huggingface_hub import constants, hf_hub_download
        from huggingface_hub.utils import logging
        from huggingface_hub.utils.tqdm import disable_progress_bars

        if not (constants.ENDPOINT.startswith("https://") or is_loopback(constants.ENDPOINT)):
            raise SourceError("leads to an address without https")
        disable_progress_bars()
        logging.set_verbosity_error()  # its warnings hold signed addresses
        return hf_hub_download(
            self._repository, self._file, revision=self._revision, local_dir=folder
        )


def _told(error: Exception) -> Exception:
    """What the library raised, as an error of ours; the disk's own errors as they are."""
    reason = error.__cause__  # of a LocalEntryNotFoundError: why the hub could not be asked
    if type(error).__name__ == "LocalEntryNotFoundError" and isinstance(reason, Exception):
        error = reason
    answer = getattr(error, "response", None)
    if answer is not None:
        return refusal(answer.status_code, TERMS)
    if isinstance(error, SourceError) or getattr(error, "errno", None) is not None:
        return error
    return broken(error, passing=False)  # the library has tried several times
