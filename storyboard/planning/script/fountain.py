"""Fountain (https://fountain.io) as people write it -> Fountain as its parsers read it.

What the parsers of the field do not know is told to them by Fountain's own marks of force:
headings in Russian and Kazakh, numbered or without a blank line below, cues in any alphabet,
``FADE IN:`` and ``CLOSE ON THE KNIFE``, which look like a heading and a cue and are neither.
Every step is linear in the length of the text.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator

_BREAKS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff]")
_BLANK = re.compile(r"[^\S\n]+")
_CUT = "\x00"
"""Where a note or a boneyard stood."""

_INSIDE = r"INT(?:ERIOR|[EÉ]RIEUR|ERNO)?|INNEN|ИНТ(?:ЕРЬЕР)?|ПАВ(?:ИЛЬОН)?|ІШКІ|ІШ"
_OUTSIDE = (
    r"EXT(?:ERIOR|[EÉ]RIEUR)?|ESTERNO|EST|AU(?:SS|ß|ẞ)EN|НАТ(?:УРА)?|ЭКСТ(?:ЕРЬЕР)?|СЫРТҚЫ|СЫРТ"
)
_BOTH = r"I\s?/\s?E|E\s?/\s?I|И\s?/\s?Н|Н\s?/\s?И"
_SIDE = rf"(?:{_INSIDE}|{_OUTSIDE}|{_BOTH})"
_NUMBER = (
    r"(?:(?:SCENE|СЦЕНА|СЦ\.?|ЭПИЗОД|ЭП\.?|ОБЪЕКТ|КӨРІНІС)\s?)?"
    r"(?:#?(?P<number>[A-ZА-Я]?\d{1,4}[A-ZА-Я]?(?:\s?[-–.]\s?\d{1,4}[A-ZА-Я]?)?)(?:[.):]\s?|\s(?:[-–]\s)?))?"
)
HEADING = re.compile(
    rf"{_NUMBER}(?P<side>{_SIDE}(?:\s?[./]+\s?{_SIDE})*)\b(?P<dot>[.:]?)\s*(?P<rest>.*)",
    re.IGNORECASE,
)
"""A heading: its number, where the camera stands, and the rest."""
_INDOORS = re.compile(rf"(?:{_INSIDE}|{_BOTH})\b", re.IGNORECASE)
_SCENE_NUMBER = re.compile(r"\s#[\w.\-]{1,12}#?$")
_DRESSED = re.compile(
    r"(?:#{1,6} ?[*_]{0,4}|[*_]{1,4})([^*_#\s][^*_#]*)[*_]{0,4}( ?#[\w.\-]{1,12}#)?"
)
_FADE = re.compile(rf"(?:FADE IN|ИЗ ЗТМ|ИЗ ЗАТЕМНЕНИЯ)\s?[:.]?\s(?={_SIDE}\b)")

TRANSITION = re.compile(
    r"(?:FADE|CUT|DISSOLVE|SMASH CUT|MATCH CUT|JUMP CUT|WIPE|IRIS|BACK|FLASH)\s?"
    r"(?:IN|OUT|UP|TO|FROM|BACK)\b.{0,30}"
    r"|[A-Z ]{1,40} TO:|(?:THE )?END|END OF"
    r" (?:ACT|PART|EPISODE|SHOW|TEASER|MONTAGE|INTERCUT).{0,20}"
    r"|(?:A )?(?:LATER|MOMENTS LATER|CONTINUOUS|SAME|MORE|BEAT|PAUSE|INTERMISSION)"
    r"|(?:\()?(?:CONTINUED|MORE|CONT['’]?D)(?:\))?:?|END (?:CREDITS|TITLES)"
    r"|(?:MAIN |OPENING )?TITLES?|INTERCUT\b.{0,60}"
    r"|(?:COLD OPEN|TEASER|TAG|PROLOGUE|EPILOGUE|ПРОЛОГ|ЭПИЛОГ)|(?:OVER |TO )?BLACK"
    r"|ACT (?:ONE|TWO|THREE|FOUR|FIVE|SIX|\d|[IVX]{1,4})"
    r"|КОНЕЦ(?: \w{1,20}){0,2}|(?:ИЗ |В )?(?:ЗТМ|ЗАТЕМНЕНИ[ЕЯ])"
    r"|ТИТРЫ|СКЛЕЙКА|FIN|FINE|FIM|ENDE"
    r"|(?:[A-Z]{0,2}\d{1,4}[A-Z]{0,2}\.? )?(?:OMITTED|(?:СЦЕНА )?(?:ПРОПУЩЕНА|УДАЛЕНА|ВЫРЕЗАНА))"
    r"(?: [A-Z]{0,2}\d{1,4}[A-Z]{0,2})?"
    r"|(?:ПЕРЕХОД|НАПЛЫВ|ВЫТЕСНЕНИЕ|МОНТАЖНЫЙ СТЫК)(?: \w{1,20}){0,2}|СОҢЫ|АЯҚТАЛДЫ|ПРОДОЛЖЕНИЕ"
    r"|ПОЗЖЕ|СПУСТЯ ВРЕМЯ|\d{1,3}\.?"
)
"""A line that joins shots or pages and is none itself; without what ends it."""
_SHOWN = re.compile(
    r"(?:EXTREME |VERY |MEDIUM )?(?:CLOSE|WIDE|TIGHT|LONG)(?:[ -]?UP)?(?: ON| SHOT| ANGLE| OF)?\b"
    r"|(?:ANGLE|INSERT|POV|P\.O\.V\.|SUPER|TITLE|CHYRON|MONTAGE|SERIES OF|ON|VIEW|AERIAL|OVERHEAD"
    r"|ESTABLISHING|FLASHBACK|DREAM|BEGIN|BACK|REVERSE|CAMERA|TRACKING|PAN|TILT|LOW|HIGH|NEW)\b"
    r"|(?:КРУПН|ОБЩ|СРЕДН|ДАЛЬН|СВЕРХКРУПН|ДЕТАЛЬ|ТИТР|НАДПИСЬ|МОНТАЖ|ФЛЕШБЭК|ФЛЭШБЕК|ПАНОРАМ|НАЕЗД"
    r"|ІРІ ПЛАН|ЖАЛПЫ|ОРТА ПЛАН)"
)
"""How a line of capitals begins that says what is seen, not who speaks."""
_KEY = re.compile(
    r"(title|credits?|authors?|written by|source|draft(?: date)?|date|contact(?: info)?|copyright"
    r"|notes?|logline|revision|format|episode|series|font|watermark|based on|genre"
    r"|titre|auteurs?|titel|autor(?:en|es)?|t[ií]tulo|titolo|autor[ei]|guion|drehbuch|sc[ée]nario"
    r"|название|автор(?:ы)?|сценарий|логлайн|жанр|дата|контакт(?:ы)?|атауы|авторы?)\s?:\s?(.*)",
    re.IGNORECASE,
)
_ANY_KEY = re.compile(r"([^\W\d_][\w ]{0,30}?)\s?:")
_TITLES = {"логлайн": "Logline"} | dict.fromkeys(
    ("название", "атауы", "titre", "titel", "título", "titulo", "titolo"), "Title"
)
_HONOUR = re.compile(r"\b(?:MR|MRS|MS|DR|ST|JR|SR|SGT|LT|CAPT|COL|GEN|PROF|REV|NO|VOL)\.$", re.I)
_UNSPOKEN = re.compile(r"[^\w\s.,'’\"#&/+:^-]")
"""What a cue holds beside the name: pictographs, marks of emphasis."""
_INITIALS = re.compile(r"(?:\w\.\s?){2,}")
_BULLET = re.compile(r"^(?:[-–—•*]+\s+|(?:\d{1,2}|[A-Za-zА-Яа-я])\)\s+)(?=\S)")
_MAX_CUE, _MAX_HEADING = 60, 300
_SHIELD = "\u2060"
"""A word joiner: keeps a dialogue line that begins like a mark from being one."""


def is_heading(line: str) -> bool:
    """Whether a line is a scene heading: INT, EXT and their kin in English, Russian, Kazakh."""
    match = HEADING.match(line[:_MAX_HEADING])
    if match is None or not match["rest"]:
        return False
    if not match["dot"] and match["rest"][0] in "(^":
        return False  # the cue of somebody called INT
    # "Int" and "Est" begin sentences too: without a full stop the line must be in capitals.
    return bool(match["dot"]) or "/" in match["side"] or match["side"].isupper()


def indoors(heading: str) -> bool:
    """Whether a heading is inside; of INT./EXT. the side that comes first counts."""
    match = HEADING.match(heading[:_MAX_HEADING])
    return bool(match and _INDOORS.match(match["side"]))


def is_transition(line: str) -> bool:
    """``FADE IN:``, ``CUT TO:``, ``THE END``, ``КОНЕЦ``, a page number."""
    plain = line.strip(" .:!>*_()—–-")
    return len(line) <= 80 and not is_low(plain) and bool(TRANSITION.fullmatch(plain))


def is_direction(line: str) -> bool:
    """``ANGLE ON NORA``: capitals that say what the next line shows."""
    plain = line.strip(" .:")
    return 0 < len(plain) <= _MAX_CUE and not is_low(plain) and bool(_SHOWN.match(plain))


def is_slug(line: str) -> bool:
    """``AT THE DOOR``: capitals alone on a line that say where the next one is."""
    words = line.strip(" .:").split()
    return 0 < len(words) <= 5 and line[-1] not in "!?…" and line.isupper()


def is_low(text: str) -> bool:
    """Whether there is a small letter in it."""
    return any(letter.islower() for letter in text)


def lines(text: str) -> Iterator[str]:
    """The lines of a script, normalised: one paragraph a line, every heading and cue forced.

    A heading comes as ``.0 INT. ROOM - DAY``: parsers take a forced heading in Latin only.
    """
    rows = _rows(text)
    page, start = _title_page(rows)
    yield from page
    yield ""
    rows = [_bare(row.strip()) for row in rows[start:]]
    blank, talks = True, False
    paragraph: list[str] = []
    speech: list[str] = []
    for row, after in zip(rows, [*rows[1:], ""], strict=False):
        if talks and row and not is_heading(row):
            speech.append(row.lstrip("~ "))
            if row[0] == "(" or after[:1] in ("", "(") or is_heading(after):
                yield speech[0] if row[0] == "(" else _SHIELD + " ".join(speech)
                speech = []
            continue
        mark = _mark(row, after, blank)
        if paragraph and (mark or not row or _BULLET.match(row)):
            yield f"!{' '.join(paragraph)}"
            yield ""
            paragraph = []
        talks = mark[:1] == "@"
        blank = not row or bool(mark)
        if mark or not row:
            yield mark
        else:
            row = _BULLET.sub("", row.lstrip("!~ "), count=1)
            paragraph.append(f"{row.rstrip(' .:')}:" if after and is_direction(row) else row)
    if paragraph:
        yield f"!{' '.join(paragraph)}"


def _rows(text: str) -> list[str]:
    """Lines without notes, boneyards, tabs and unseen letters; what is blank is empty."""
    text = _UNSEEN.sub("", _BREAKS.sub("\n", text))
    text = _without(_without(text, "/*", "*/"), "[[", "]]")
    rows = []
    for row in unicodedata.normalize("NFC", text).split("\n"):
        indent = "\t" if row[:1] == "\t" or row.startswith("   ") else ""
        plain = _BLANK.sub(" ", row.replace(_CUT, "")).strip()
        if plain or _CUT not in row:
            rows.append(indent + plain if plain else "")
    return rows


def _without(text: str, opens: str, closes: str) -> str:
    """The text without what stands between two marks; one that never closes is no mark."""
    pieces, start = [], 0
    while (left := text.find(opens, start)) >= 0:
        right = text.find(closes, left + 2)
        if right < 0:
            break
        pieces += [text[start:left], _CUT]
        start = right + 2
    pieces.append(text[start:])
    # What is left of either mark means nothing, and must not begin anything in the parser.
    return "".join(pieces).replace(opens, " ").replace(closes, " ")


def _title_page(rows: list[str]) -> tuple[list[str], int]:
    """``Key: value`` of the title page, and how many rows it has; gaps do not end it.

    A first line with a colon is a title page only where a well-known key says so.
    """
    top = list(itertools.takewhile(bool, itertools.dropwhile(lambda row: not row, rows)))
    if not top or not _ANY_KEY.match(top[0]) or not any(map(_KEY.fullmatch, top)):
        return [], 0
    entries: list[list[str]] = []
    for number, row in enumerate(rows):
        entry = _KEY.fullmatch(row) or (number < len(top) and _ANY_KEY.match(row))
        if entry:
            key = _TITLES.get(entry[1].lower(), entry[1].capitalize())
            entries.append([f"{key}:", row.partition(":")[2].strip()])
        elif row.startswith("\t") and (rows[number - 1] or not any(entries[-1][1:])):
            entries[-1].append(row.strip())
        elif row:
            break
    else:
        number = len(rows)
    # Parsers know keys in Latin letters only.
    return [" ".join(filter(None, entry)) for entry in entries if entry[0].isascii()], number


def _bare(row: str) -> str:
    """A heading without marks of emphasis and of Markdown: ``**INT. BAR**``, ``## INT. BAR``."""
    if match := _DRESSED.fullmatch(row):
        bare = f"{match[1]}{match[2] or ''}"
        return bare if is_heading(bare) else row
    return row


def _mark(row: str, after: str, blank: bool) -> str:
    """A row as a heading, cue or other mark; empty if it is action or blank."""
    if not row or row[0] == "!":
        return ""
    if row[0] in "#=>":
        return row
    row = _FADE.sub("", row, count=1)
    if row[0] == "." and row[1:2] not in ("", "."):
        return _heading(row[1:])
    if is_heading(row):
        return _heading(row)
    if row[0] == "@":
        return _cue(row[1:])
    if is_transition(row):
        return f">{row.strip('<>')}"
    return _cue(row) if blank and after and _speaks(row, after) else ""


def _heading(text: str) -> str:
    """A forced heading without its number, which may stand at either end or both."""
    text = _SCENE_NUMBER.sub("", text[:_MAX_HEADING].strip()).replace("#", " ")
    match = HEADING.match(text)
    if match and match["number"]:
        text = text[match.start("side") :].removesuffix(f" {match['number']}")
    return f".0 {text.strip()}"


def _speaks(row: str, after: str) -> bool:
    """Whether a line of capitals above another line is a cue."""
    name = row.split("(")[0].strip(" ^:")
    if not 0 < len(name) <= _MAX_CUE or not name.isupper() or is_heading(after):
        return False
    if name[-1] in ".!?,;…" and not (_HONOUR.search(name) or _INITIALS.fullmatch(name)):
        return False
    shouted = after[0] != "(" and after.isupper() and " " in after and name.count(" ") > 1
    return not shouted and not _SHOWN.match(name) and len(name.split()) <= 6


def _cue(text: str) -> str:
    """``@NAME (EXTENSIONS) ^``, whatever the brackets looked like."""
    text, dual = text[:200].strip(), " ^" if text.rstrip().endswith("^") else ""
    name, *extensions = re.split(r"[()]", text.rstrip("^ :"))
    said = " ".join(piece.strip() for piece in extensions if piece.strip())
    name = _UNSPOKEN.sub("", name).strip(" :^")
    if not name:
        return ""
    return f"@{name}{f' ({said})' if said else ''}{dual}"
