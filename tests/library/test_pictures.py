"""A card is redrawn by us: small, upright, flat, with nothing hidden in it."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from portevoix.library.pictures import (
    NotAPicture,
    PictureDamaged,
    PictureRefused,
    PictureTooLarge,
    fit_card,
)


def picture(size=(100, 50), *, mode="RGB", colour: object = "red", form="PNG", **options: object) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, colour).save(written, form, **options)
    return written.getvalue()


def opened(card) -> Image.Image:
    return Image.open(io.BytesIO(card.content))


def claimed_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims a size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP"])
def test_card_is_a_jpeg_whatever_came(form):
    card = fit_card(picture(form=form))

    assert (card.width, card.height, card.media_type, opened(card).format) == (100, 50, "image/jpeg", "JPEG")


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((2400, 1260), (1200, 630)),
        ((4000, 1000), (1200, 300)),
        ((1000, 4000), (157, 630)),
        ((10, 10), (10, 10)),
    ],
)
def test_card_fits_and_is_never_enlarged(size, expected):
    card = fit_card(picture(size, form="JPEG"))

    assert opened(card).size == (card.width, card.height) == expected


def test_card_carries_nothing_hidden():
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    exif.get_ifd(0x8825)[1] = "N"
    original = picture(form="JPEG", exif=exif, comment=b"a secret")
    assert b"a camera" in original

    card = fit_card(original)

    assert dict(opened(card).getexif()) == {}
    assert b"a camera" not in card.content
    assert b"a secret" not in card.content


def test_card_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6

    card = fit_card(picture((100, 50), form="JPEG", exif=exif))

    assert (card.width, card.height) == (50, 100)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_card_lays_transparency_on_white(mode):
    clear = (0,) * len(mode)

    assert opened(fit_card(picture(mode=mode, colour=clear))).getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("mode", "form"), [("1", "PNG"), ("L", "PNG"), ("P", "GIF"), ("CMYK", "JPEG"), ("I;16", "PNG")]
)
def test_card_is_drawn_from_every_mode(mode, form):
    assert opened(fit_card(picture(mode=mode, colour=0, form=form))).mode == "RGB"


def test_card_shows_the_first_frame():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    written = io.BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])

    red, _green, blue = opened(fit_card(written.getvalue())).getpixel((5, 5))

    assert red > 200 > blue


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><p>hello",
        b"%PDF-1.4",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_card_refuses_what_is_no_picture(content):
    with pytest.raises(NotAPicture):
        fit_card(content)


@pytest.mark.parametrize("size", [(50_000, 50_000), (10_000, 9_000), (8_000, 6_500)])
def test_card_refuses_a_bomb_before_decoding_it(size):
    with pytest.raises(PictureTooLarge) as refused:
        fit_card(claimed_png(*size))

    assert refused.value.sentence == "This picture is too large: 50 million pixels at most."


def test_card_refuses_a_damaged_picture():
    with pytest.raises(PictureDamaged):
        fit_card(picture((300, 300), form="JPEG")[:-400])


@given(
    some.binary(max_size=200),
    some.sampled_from([b"", b"GIF89a", b"BM", b"\xff\xd8\xff\xe0", b"RIFF\0\0\0\0WEBP"]),
)
def test_card_of_any_bytes_is_drawn_or_refused(content, opening):
    try:
        card = fit_card(opening + content)
    except PictureRefused:
        return

    assert card.media_type == "image/jpeg"
