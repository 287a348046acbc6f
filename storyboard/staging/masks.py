"""One soft mask per character, and the background: attention masks and regional prompts.

Masks are silhouettes of the very drawing on the panel, a little grown and blurred. A nearer
figure cuts its place out of those behind it, so that masks and background add up to one.
"""

from __future__ import annotations

import math

from PIL import Image, ImageChops, ImageFilter

from .blocking.curves import Affine
from .blocking.layout import Figure, Layout
from .drawing.ink import Stencil
from .panel import draw_figure, far_first

_SOFT = 0.008
"""Blur radius as a share of the picture's geometric mean side."""
_SMALLER = 4
"""Masks are soft: they are drawn at a quarter of the size."""


def character_masks(layout: Layout) -> dict[str, Image.Image]:
    """Mask of every character in the order of the cast: "L", 0-255, the layout's size.

    The mount is not part of its rider; what the hands hold is.
    """
    masks: dict[str, Image.Image] = {}
    free = Image.new("L", layout.size, 255)
    for figure in sorted(layout.figures, key=far_first, reverse=True):
        seen = ImageChops.multiply(_silhouette(figure, layout.size), free)
        masks[figure.character] = seen
        free = ImageChops.subtract(free, seen)
    return {f.character: masks[f.character] for f in layout.figures}


def background_mask(masks: dict[str, Image.Image], size: tuple[int, int]) -> Image.Image:
    """What no character covers: "L", 255 where nobody is."""
    free = Image.new("L", size, 255)
    for mask in masks.values():
        free = ImageChops.subtract(free, mask)
    return free


def _silhouette(figure: Figure, size: tuple[int, int]) -> Image.Image:
    """The figure as if it were alone."""
    width, height = size
    small = math.ceil(width / _SMALLER), math.ceil(height / _SMALLER)
    stencil = Stencil(small)
    with stencil.local(Affine(a=1 / _SMALLER, e=1 / _SMALLER)):
        draw_figure(stencil, figure, alone=True)
    blur = max(1.0, _SOFT * math.sqrt(width * height) / _SMALLER)
    soft = stencil.finish().filter(ImageFilter.BoxBlur(blur)).filter(ImageFilter.BoxBlur(blur))
    soft = soft.point([min(255, round(v * 1.5)) for v in range(256)])
    return soft.resize(size, Image.Resampling.BILINEAR)
