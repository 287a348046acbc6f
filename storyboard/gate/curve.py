"""The ROC picture of a calibration: how many strangers pass for how many own pictures."""

from __future__ import annotations

import io
import itertools
from pathlib import Path

from PIL import Image, ImageDraw

from ..files import write_atomically
from ..staging.letters.lettering import LABEL, TEXT, font
from .calibration import Calibration, Threshold

_SIDE, _MARGIN, _LEGEND = 420, 56, 400
_PAPER, _INK, _SOFT, _GRID = "#f6f1e7", "#26211c", "#7a7065", "#ddd5c5"
_COLOURS = ("#b3361f", "#2f6f8f", "#3d7a4a", "#8a6d3b", "#6b4f8a", "#444444")


def draw_curve(calibration: Calibration) -> Image.Image:
    """The curves of all calibrated scores, RGB; a dot marks each threshold."""
    width, height = _MARGIN + _SIDE + _LEGEND, _SIDE + 2 * _MARGIN
    image = Image.new("RGB", (width, height), _PAPER)
    draw = ImageDraw.Draw(image)
    for step in range(6):
        x, y = _at(step / 5, 0)[0], _at(0, step / 5)[1]
        draw.line((x, _MARGIN, x, _MARGIN + _SIDE), _GRID)
        draw.line((_MARGIN, y, _MARGIN + _SIDE, y), _GRID)
        draw.text((x, _MARGIN + _SIDE + 6), f"{step / 5:.1f}", _SOFT, font(TEXT, 13), "ma")
        draw.text((_MARGIN - 6, y), f"{step / 5:.1f}", _SOFT, font(TEXT, 13), "rm")
    draw.text((_MARGIN, 22), f"Calibration {calibration.name}", _INK, font(LABEL, 22))
    legend = "across: strangers accepted, up: the character accepted"
    draw.text((_MARGIN, height - 14), legend, _SOFT, font(TEXT, 14), "ls")
    y = _MARGIN
    for (name, threshold), colour in zip(
        calibration.thresholds.items(), itertools.cycle(_COLOURS), strict=False
    ):
        _draw_line(draw, threshold, colour)
        x = _MARGIN + _SIDE + 24
        draw.text((x, y), name, colour, font(LABEL, 18))
        eer = "no strangers given" if threshold.eer is None else f"equal error {threshold.eer:.1%}"
        words = (
            f"threshold {threshold.threshold:.3f} ({threshold.low:.3f}-{threshold.high:.3f}), {eer}"
        )
        draw.text((x, y + 22), words, _INK, font(TEXT, 14))
        y += 52
    return image


def save_calibration(calibration: Calibration, path: Path) -> Image.Image:
    """Write a calibration, and its ROC picture beside it; returns the picture.

    :raises StoreError: ``disk_full`` or ``folder_unwritable``.
    """
    curve = draw_curve(calibration)
    buffer = io.BytesIO()
    curve.save(buffer, "PNG")
    write_atomically(path.with_suffix(".png"), buffer.getvalue())
    write_atomically(path, calibration.to_json().encode("utf-8"))
    return curve


def _draw_line(draw: ImageDraw.ImageDraw, threshold: Threshold, colour: str) -> None:
    points = [_at(false, true) for _, false, true in threshold.roc]
    if len(points) > 1:
        draw.line(points, colour, 3, "curve")
    passed = [point for point in threshold.roc if point[0] >= threshold.threshold]
    if passed:
        x, y = _at(passed[-1][1], passed[-1][2])
        draw.ellipse((x - 6, y - 6, x + 6, y + 6), colour)


def _at(across: float, up: float) -> tuple[float, float]:
    return _MARGIN + across * _SIDE, _MARGIN + (1 - up) * _SIDE
