"""Pictures that people bring: upright 8-bit RGB, or an error that names the file."""

import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from aldar_storyboard.storyboard.errors import InputError
from aldar_storyboard.storyboard.pictures import MOST_PIXELS, SIDE, open_picture, picture_files
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

CASES = Path(__file__).parents[1] / "data" / "pictures"
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n"


def written(path, image, **options):
    image.save(path, **options)
    return open_picture(path).image


def unusable(path):
    with pytest.raises(InputError) as caught:
        open_picture(path)
    assert caught.value.code == "picture_unusable"
    assert path.name in caught.value.message
    return str(caught.value)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_header(width, height, depth=8, colour=2):
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)


# --- what a picture becomes ------------------------------------------------------------------

CORNERS = Image.new("RGB", (40, 20), "black")
CORNERS.paste((250, 10, 10), (0, 0, 20, 10))
CORNERS.paste((10, 250, 10), (20, 10, 40, 20))
TURNED_BACK = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""Orientation -> how a camera that writes it has stored an upright picture."""


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_turned_photo_comes_upright(tmp_path, format, orientation):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    stored = CORNERS
    if orientation in TURNED_BACK:
        stored = CORNERS.transpose(TURNED_BACK[orientation])
    options = {"quality": 95, "subsampling": 0} if format == "JPEG" else {}
    options |= {"lossless": True} if format == "WEBP" else {}
    picture = written(tmp_path / "photo", stored, format=format, exif=exif, **options)
    assert picture.size == (40, 20)
    assert np.abs(np.asarray(picture, int) - np.asarray(CORNERS, int)).max() < 40


@given(
    st.sampled_from(["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "I", "F", "I;16"]),
    st.integers(1, 8),
    st.integers(0, 2**32 - 1),
)
def test_any_mode_and_orientation_gives_upright_8_bit_rgb(tmp_path_factory, mode, turn, seed):
    grey = np.random.default_rng(seed).integers(0, 256, (5, 9), dtype=np.uint8)
    grey[0, :2] = 0, 255  # full range, so that floats say what white is
    image = Image.fromarray(grey)
    expected = np.repeat(grey[..., None], 3, axis=2).astype(int)
    if mode == "I;16":
        image = Image.fromarray(grey.astype(np.uint16) * 257)
    elif mode == "F":
        image = Image.fromarray(grey.astype(np.float32) / 255)
    elif mode == "I":
        image = Image.fromarray(grey.astype(np.int32))
    elif mode in ("LA", "RGBA", "PA"):
        image = image.convert("RGBA")
        image.putalpha(Image.fromarray(255 - grey))
        alpha = 1 - expected / 255
        expected = np.round(expected * alpha + 255 * (1 - alpha)).astype(int)
        image = image.convert("LA") if mode == "LA" else image
    elif mode == "1":
        image = image.convert("1", dither=Image.Dither.NONE)
        expected = np.where(expected > 127, 255, 0)
    else:
        image = image.convert("RGB").convert(mode)
        expected = np.asarray(image.convert("RGB"), int)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = turn
    stored = image.transpose(TURNED_BACK[turn]) if turn in TURNED_BACK else image
    png = mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")
    path = tmp_path_factory.mktemp("mode") / ("x.png" if png else "x.tif")
    picture = written(path, stored, exif=exif)
    assert (picture.mode, picture.size) == ("RGB", (9, 5))
    assert np.abs(np.asarray(picture, int) - expected).max() <= 2


@pytest.mark.parametrize("order", ["<u2", ">u2"])
def test_sixteen_bits_are_scaled_and_not_clipped_to_white(tmp_path, order):
    ramp = np.linspace(0, 65535, 256).astype(order).reshape(16, 16)
    picture = written(tmp_path / "scan.tif", Image.fromarray(ramp))
    assert np.asarray(picture)[..., 0].ravel().tolist() == list(range(256))


def test_the_scan_of_the_cases_is_grey_and_not_white():
    pixels = np.asarray(open_picture(CASES / "refs_16bit" / "scan.png").image)
    assert pixels.max() < 200
    assert pixels.std() > 10


def test_transparency_is_laid_on_white(tmp_path):
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    clear.paste((200, 0, 0, 255), (0, 0, 4, 8))
    picture = written(tmp_path / "cut.png", clear)
    assert picture.getpixel((1, 1)) == (200, 0, 0)
    assert picture.getpixel((6, 1)) == (255, 255, 255)
    palette = Image.new("P", (8, 8), 0)
    palette.putpalette([255, 0, 0, 0, 0, 255])
    palette.paste(1, (0, 0, 4, 8))
    picture = written(tmp_path / "cut.gif", palette, transparency=0)
    assert picture.getpixel((1, 1)) == (0, 0, 255)
    assert picture.getpixel((6, 1)) == (255, 255, 255)


def test_cmyk_is_read_as_it_looks(tmp_path):
    picture = written(tmp_path / "print.jpg", Image.new("CMYK", (8, 8), (0, 255, 255, 0)))
    assert picture.mode == "RGB"
    red, green, blue = picture.getpixel((4, 4))
    assert red > 240
    assert max(green, blue) < 15


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png", "a.tif"])
def test_of_several_pictures_the_first_is_used_and_that_is_said(tmp_path, name):
    first, second = Image.new("RGB", (16, 8), "red"), Image.new("RGB", (16, 8), "blue")
    first.save(tmp_path / name, save_all=True, append_images=[second])
    picture = open_picture(tmp_path / name)
    red, _, blue = picture.image.getpixel((4, 4))
    assert red > 240 > 20 > blue
    assert f"{name} holds several pictures" in picture.notices[0]


def test_the_preview_in_a_phones_photo_is_no_second_picture(tmp_path):
    photo = Image.new("RGB", (64, 32), "red")
    photo.save(tmp_path / "p.mpo", save_all=True, append_images=[Image.new("RGB", (8, 8))])
    path = (tmp_path / "p.mpo").rename(tmp_path / "p.jpg")
    picture = open_picture(path)
    assert (picture.image.size, picture.notices) == ((64, 32), ())


def test_a_heic_photo_is_read_where_the_package_is_installed(tmp_path):
    heif = pytest.importorskip("pillow_heif")
    heif.from_pillow(CORNERS.resize((80, 40))).save(tmp_path / "phone.heic")
    assert open_picture(tmp_path / "phone.heic").image.size == (80, 40)


def test_a_large_picture_is_brought_down_and_that_is_said(tmp_path):
    Image.new("RGB", (SIDE + 904, 40), "red").save(tmp_path / "wide.png")
    picture = open_picture(tmp_path / "wide.png")
    assert picture.image.size[0] == SIDE
    assert "wide.png has 5000 x 40 pixels" in picture.notices[0]


# --- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["face.eps", "face.png", "face.jpg", "face.webp"])
def test_postscript_is_refused_whatever_it_is_called(tmp_path, name):
    (tmp_path / name).write_bytes(EPS)
    assert "none of these formats" in unusable(tmp_path / name)


@pytest.mark.parametrize("format", ["PCX", "PPM", "TGA", "ICO", "DDS", "SGI", "MSP", "PDF", "EPS"])
def test_only_the_listed_formats_are_opened(tmp_path, format):
    image = Image.new("1" if format == "MSP" else "RGB", (32, 32))
    image.save(tmp_path / "x.png", format=format)
    unusable(tmp_path / "x.png")


@pytest.mark.parametrize("header", [png_header(13000, 13000), png_header(100_000, 100_000)])
def test_too_many_pixels_are_refused_before_they_are_decoded(tmp_path, header):
    (tmp_path / "giant.png").write_bytes(header + chunk(b"IDAT", b"x"))
    assert f"{MOST_PIXELS // 10**6} million are possible" in unusable(tmp_path / "giant.png")


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_half_a_download_is_refused(tmp_path, format):
    noise = Image.effect_noise((300, 200), 80).convert("RGB")
    noise.save(tmp_path / "whole", format=format)
    data = (tmp_path / "whole").read_bytes()
    (tmp_path / "half.jpg").write_bytes(data[: len(data) // 2])
    unusable(tmp_path / "half.jpg")


def test_what_is_no_regular_file_is_refused_and_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    assert "no regular file" in unusable(tmp_path / "pipe.png")
    (tmp_path / "folder.png").mkdir()
    assert "folder" in unusable(tmp_path / "folder.png")
    (tmp_path / "loop.png").symlink_to("loop.png")
    unusable(tmp_path / "loop.png")
    unusable(tmp_path / "gone.png")
    (tmp_path / "empty.png").touch()
    assert "empty" in unusable(tmp_path / "empty.png")
    (tmp_path / "._hero.png").write_bytes(b"\x00\x05\x16\x07" + bytes(99))
    assert "macOS" in unusable(tmp_path / "._hero.png")
    unusable(Path("a\0b.png"))


def test_a_text_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path):
    buffer = io.BytesIO()
    CORNERS.save(buffer, "PNG")
    data = buffer.getvalue()
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(1 << 26), 9))
    (tmp_path / "bomb.png").write_bytes(data[:33] + bomb + data[33:])
    unusable(tmp_path / "bomb.png")


def test_damaged_metadata_does_not_cost_the_picture(tmp_path):
    junk = bytes(range(256))
    for format, options in (
        ("JPEG", {"exif": b"Exif\0\0" + junk, "icc_profile": junk, "subsampling": 0}),
        ("PNG", {"exif": junk, "icc_profile": junk}),
        ("WEBP", {"exif": junk, "icc_profile": junk, "lossless": True}),
    ):
        CORNERS.save(tmp_path / "photo", format=format, quality=95, **options)
        assert open_picture(tmp_path / "photo").image.size == CORNERS.size


def test_a_folder_gives_its_pictures_and_nothing_else(tmp_path):
    for name in ("b.PNG", "a.heic", "._a.jpg", ".hidden.png", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "folder.png").mkdir()
    os.mkfifo(tmp_path / "pipe.png")
    assert [path.name for path in picture_files(tmp_path)] == ["a.heic", "b.PNG"]
