"""The evidence: reference, frame, boxes and scores side by side, as a picture."""

from __future__ import annotations

from PIL import Image, ImageDraw

from ...staging.letters.lettering import LABEL, TEXT, font, wrap
from ...takes import Take
from ..verdict import Box, Outcome, Score, Verdict

HEIGHT = 512
_TABLE, _GAP = 460, 12
_PAPER, _INK, _SOFT = "#f6f1e7", "#26211c", "#7a7065"
_OUTCOMES = {
    Outcome.PASS: "#3d7a4a",
    Outcome.FAIL: "#b3361f",
    Outcome.UNMEASURABLE: _SOFT,
    Outcome.REPORTED: _SOFT,
}
_BOXES = {
    "identity": "#5b8def",
    "heads": "#f2c14e",
    "face": "#3ddc97",
    "drawn face": "#3ddc97",
    "costume": "#e4572e",
}
"""Colours of the boxes of scores, drawn in this order; other scores look at the whole frame."""


def draw_evidence(
    take: Take, frame: Image.Image, verdict: Verdict, reference: Image.Image | None
) -> Image.Image:
    """The evidence for a verdict, RGB, 512 pixels high.

    :param reference: what the frame was compared with, if there was anything.
    """
    pictures = {"frame": frame}
    if reference is not None:
        pictures = {"reference": reference} | pictures
    widths = [max(1, round(p.width * HEIGHT / p.height)) for p in pictures.values()]
    width = sum(widths) + _GAP * len(pictures) + _TABLE
    sheet = Image.new("RGB", (width, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(sheet)
    left = 0
    for (label, picture), wide in zip(pictures.items(), widths, strict=True):
        sheet.paste(picture.resize((wide, HEIGHT), Image.Resampling.BILINEAR), (left, 0))
        if picture is frame:
            _draw_boxes(draw, verdict, left, HEIGHT / picture.height)
        draw.text(
            (left + 8, HEIGHT - 8),
            label,
            "white",
            font(TEXT, 16),
            "ls",
            stroke_width=2,
            stroke_fill=_INK,
        )
        left += wide + _GAP
    _draw_table(draw, take, verdict, left)
    return sheet


def _draw_boxes(draw: ImageDraw.ImageDraw, verdict: Verdict, left: int, scale: float) -> None:
    for name, colour in _BOXES.items():
        score = verdict.score(name)
        for crop in score.crops if score else ():
            _draw_box(draw, crop.box, colour, left, scale)
            if crop.value is not None:
                place = (left + crop.box[0] * scale + 4, crop.box[1] * scale + 3)
                text = f"{name} {crop.value:.2f}"
                draw.text(place, text, colour, font(TEXT, 14), stroke_width=2, stroke_fill=_INK)


def _draw_box(draw: ImageDraw.ImageDraw, box: Box, colour: str, left: int, scale: float) -> None:
    x1, y1, x2, y2 = (edge * scale for edge in box)
    draw.rectangle((left + x1, y1, left + max(x1, x2 - 1), max(y1, y2 - 1)), None, colour, 2)


def _draw_table(draw: ImageDraw.ImageDraw, take: Take, verdict: Verdict, left: int) -> None:
    state = "accepted" if verdict.accepted else "rejected"
    colour = _OUTCOMES[Outcome.PASS if verdict.accepted else Outcome.FAIL]
    draw.text((left, 14), f"frame {take.frame}, take {take.attempt + 1}", _INK, font(LABEL, 22))
    draw.text((left + _TABLE - 12, 14), state, colour, font(LABEL, 22), "ra")
    draw.text((left, 44), verdict.policy, _SOFT, font(TEXT, 14))
    y = 74
    for score in verdict.scores:
        draw.text((left, y), score.name, _INK, font(LABEL, 17))
        draw.text((left + 110, y), _values(score), _OUTCOMES[score.outcome], font(TEXT, 17))
        draw.text((left + _TABLE - 12, y + 2), score.method, _SOFT, font(TEXT, 14), "ra")
        y += 22
        for line in wrap(score.reason, TEXT, 14, _TABLE - 24)[:2]:
            draw.text((left + 12, y), line, _SOFT, font(TEXT, 14))
            y += 17
        y += 6


def _values(score: Score) -> str:
    if score.value is None:
        return score.outcome.value
    held = "" if score.threshold is None else f" of {score.threshold:.2f}"
    return f"{score.value:.2f}{held}" + ("" if score.gates else "  (reported)")
