"""A console on which foreign texts do no more than appear.

Titles, notes, paths and what a server says are printed as they are: square brackets are no
markup, colons no emoji, and an escape sequence is shown and not obeyed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

if TYPE_CHECKING:
    from rich.status import Status

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_PICTURES = 0x2400
"""Where Unicode has a picture for each of the first control characters."""


def harmless(text: str) -> str:
    """A text whose control characters, but for tab and new line, are pictures of themselves."""
    return _CONTROL.sub(lambda match: _picture(ord(match[0])), text)


def _picture(code: int) -> str:
    if code < 0x20:
        return chr(_PICTURES + code)
    return "\u2421" if code == 0x7F else "\ufffd"


class PlainConsole(Console):
    """See above. What is to be bold or red is given a style or a :class:`rich.text.Text`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, **options)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """As of every console, with harmless texts; sequences of our own are kept apart from
        them, in ``control`` and ``style``."""
        for segment in super().render(renderable, options):
            if segment.control or not _CONTROL.search(segment.text):
                yield segment
            else:
                yield segment._replace(text=harmless(segment.text))


@contextmanager
def telling(console: Console) -> Iterator[Callable[[str], None]]:
    """Tell what goes on in single lines; on a terminal the last one only, until the end."""
    last = ""
    with ExitStack() as stack:

        def tell(text: str) -> None:
            nonlocal last, status
            if text == last:
                return
            last = text
            if not console.is_terminal:
                console.print(Text(text))
            elif status is None:
                status = stack.enter_context(console.status(Text(text)))
            else:
                status.update(Text(text))

        status: Status | None = None
        yield tell
