"""Picture files from strangers: every format, damaged in every way."""

from __future__ import annotations

import io

import numpy as np
import pytest
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.storyboard.pictures import SIDE, open_picture
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

RAMP = np.linspace(0, 255, 24 * 16 * 3).astype(np.uint8).reshape(16, 24, 3)


def sample(format, mode="RGB", **options):
    buffer = io.BytesIO()
    Image.fromarray(RAMP).convert(mode).save(buffer, format, **options)
    return buffer.getvalue()


def deep(format):
    buffer = io.BytesIO()
    Image.fromarray(RAMP[..., 0].astype(np.uint16) * 257).save(buffer, format)
    return buffer.getvalue()


def several(format):
    return sample(format, save_all=True, append_images=[Image.fromarray(RAMP[::-1])])


EXIF = Image.Exif()
EXIF[274] = 6
SAMPLES = {
    "PNG": sample("PNG", exif=EXIF),
    "PNG, palette": sample("PNG", "P", transparency=0),
    "PNG, alpha": sample("PNG", "LA"),
    "PNG, 16 bits": deep("PNG"),
    "APNG": several("PNG"),
    "JPEG": sample("JPEG", exif=EXIF),
    "JPEG, progressive": sample("JPEG", progressive=True),
    "JPEG, CMYK": sample("JPEG", "CMYK"),
    "MPO": several("MPO"),
    "WebP": sample("WEBP", exif=EXIF),
    "WebP, moving": several("WEBP"),
    "GIF": several("GIF"),
    "BMP": sample("BMP"),
    "TIFF": sample("TIFF", exif=EXIF),
    "TIFF, packed": sample("TIFF", "RGBA", compression="tiff_lzw"),
    "TIFF, 16 bits": deep("TIFF"),
    "TIFF, pages": several("TIFF"),
    "TIFF, float": sample("TIFF", "F"),
}

BYTES = st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8))
DAMAGE = st.lists(st.tuples(st.sampled_from(["write", "insert", "cut", "end"]), BYTES), max_size=6)


def damaged(data: bytes, changes) -> bytes:
    for change, (place, new) in changes:
        at = int(place * len(data))
        if change == "write":
            data = data[:at] + new + data[at + len(new) :]
        elif change == "insert":
            data = data[:at] + new + data[at:]
        elif change == "cut":
            data = data[:at] + data[at + len(new) :]
        else:
            data = data[: max(1, at)]
    return data


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("pictures") / "brought.png"


@given(st.sampled_from(sorted(SAMPLES)), DAMAGE)
def test_any_file_is_a_picture_or_refused(path, kind, changes):
    path.write_bytes(damaged(SAMPLES[kind], changes))
    try:
        image = open_picture(path).image
    except AldarError:
        return
    assert image.mode == "RGB"
    assert 0 < min(image.size) <= max(image.size) <= SIDE
    assert len(image.tobytes()) == 3 * image.width * image.height


@given(st.sampled_from(sorted(SAMPLES)), st.sampled_from(sorted(SAMPLES)), st.floats(0, 1))
def test_one_format_that_goes_on_as_another_is_a_picture_or_refused(path, head, tail, place):
    first, second = SAMPLES[head], SAMPLES[tail]
    path.write_bytes(first[: int(place * len(first))] + second[int(place * len(second)) :] + b" ")
    try:
        assert open_picture(path).image.mode == "RGB"
    except AldarError:
        return


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(path, data):
    path.write_bytes(data)
    with pytest.raises(AldarError, match=path.name):
        open_picture(path)
