"""One soft mask per character, and the background: attention masks and regional prompts.

Masks are silhouettes of the very drawing on the panel, a little grown and blurred. A nearer
figure cuts its place out of those behind it, so that masks and background add up to one.
"""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageFilter

from .curves import Affine
from .ink import Stencil
from .layout import Figure, Layout
from .panel import draw_figure, far_first

_SOFT = 0.008
"""Blur radius as a share of the picture's geometric mean side."""
_HALF = 2
"""Masks are soft: they are drawn at half the size."""


def character_masks(layout: Layout) -> dict[str, Image.Image]:
    """Mask of every character in the order of the cast: "L", 0-255, the layout's size.

    The mount is not part of its rider; what the hands hold is.
    """
    masks: dict[str, np.ndarray] = {}
    free = np.full(layout.size[::-1], 255, dtype=np.uint16)
    for figure in sorted(layout.figures, key=far_first, reverse=True):
        mask = _silhouette(figure, layout.size).astype(np.uint16)
        masks[figure.character] = seen = mask * free // 255
        free = free - seen
    return {
        f.character: Image.fromarray(masks[f.character].astype(np.uint8)) for f in layout.figures
    }


def background_mask(masks: dict[str, Image.Image], size: tuple[int, int]) -> Image.Image:
    """What no character covers: "L", 255 where nobody is."""
    free = np.full(size[::-1], 255, dtype=np.uint8)
    for mask in masks.values():
        free -= np.asarray(mask)
    return Image.fromarray(free)


def _silhouette(figure: Figure, size: tuple[int, int]) -> np.ndarray:
    """(height, width) uint8."""
    width, height = size
    small = math.ceil(width / _HALF), math.ceil(height / _HALF)
    stencil = Stencil(small)
    with stencil.local(Affine(a=1 / _HALF, e=1 / _HALF)):
        draw_figure(stencil, figure, alone=True)
    blur = max(1.0, _SOFT * math.sqrt(width * height) / _HALF)
    soft = stencil.finish().filter(ImageFilter.BoxBlur(blur)).filter(ImageFilter.BoxBlur(blur))
    soft = soft.point([min(255, round(v * 1.5)) for v in range(256)])
    return np.asarray(soft.resize(size, Image.Resampling.BILINEAR))
