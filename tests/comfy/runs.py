"""Running a workflow in a test, and reading what ComfyUI had to say about its weights."""

from __future__ import annotations


class Quiet:
    """A view that shows nothing."""

    def step(self, text: str) -> None: ...

    def notice(self, text: str) -> None: ...

    def frame(self, event) -> None: ...


def complaints(log: str) -> list[str]:
    """Lines about weights that were not used, once prompts ran: ComfyUI only logs them.

    :raises AssertionError: if no prompt ran.
    """
    text = log.partition("got prompt")[2]
    assert text
    words = ("not loaded", "missing", "unexpected", "no match", "nan")
    return [line for line in text.splitlines() if any(word in line.lower() for word in words)]
