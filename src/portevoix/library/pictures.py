"""Pictures of strangers made fit for a card: redrawn by us, small, without anything that was hidden in them.

A picture is judged by what it is, never by what it is called; its size is read before a single pixel is decoded.
"""

import io
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps

from portevoix.core.failures import Failure

CARD_SIZE = (1200, 630)
# A camera's 48 megapixels pass; decoding takes at most some 150 MB.
MAX_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP")
JPEG_QUALITY = 85
PAPER = (255, 255, 255)


class PictureRefused(Failure):
    """A file that will not become a card."""

    code = "picture_refused"
    template = "This picture cannot be used."


class NotAPicture(PictureRefused):
    """Nothing we know how to draw: a page, a drawing with scripts (SVG), a document, noise."""

    code = "not_a_picture"
    template = "This is not a picture we can use: send a JPEG, PNG, WebP, AVIF or GIF file."


class PictureDamaged(PictureRefused):
    """A picture that ends too early or is broken inside."""

    code = "picture_damaged"
    template = "This picture is damaged: it cannot be opened to the end."


class PictureTooLarge(PictureRefused):
    """More pixels than any card needs, which may be an attack."""

    code = "picture_too_large"
    template = "This picture is too large: %(megapixels)s million pixels at most."


@dataclass(frozen=True, slots=True)
class Card:
    """A picture redrawn: its bytes, its size in pixels, its media type."""

    content: bytes
    width: int
    height: int
    media_type: str


def fit_card(content: bytes) -> Card:
    """The picture as a JPEG of at most 1200 by 630 pixels, upright, first frame, on white, nothing hidden in it.

    Smaller pictures are not enlarged. Raises a `PictureRefused`.
    """
    picture = _opened(content)
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_large()
    drawn = _drawn(picture)
    written = io.BytesIO()
    drawn.save(written, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return Card(written.getvalue(), drawn.width, drawn.height, "image/jpeg")


def _opened(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except Exception as why:
        # Decoders of hostile bytes fail in ways nobody lists; for the person they are all one.
        raise NotAPicture from why


def _drawn(picture: Image.Image) -> Image.Image:
    try:
        picture.seek(0)
        # JPEG alone can be decoded smaller; twice the card leaves the last step to a good filter.
        picture.draft("RGB", (CARD_SIZE[0] * 2, CARD_SIZE[0] * 2))
        colours = picture.info.get("icc_profile")
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail(CARD_SIZE, Image.Resampling.LANCZOS, reducing_gap=3.0)
        return _flat(_in_screen_colours(upright, colours))
    except Exception as why:
        raise PictureDamaged from why


def _in_screen_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Telephones photograph in wider colours than sRGB; without their profile they would look dull."""
    if not profile or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return picture
    return turned or picture


def _flat(picture: Image.Image) -> Image.Image:
    """On white, in a fresh image that carries no metadata."""
    paper = Image.new("RGB", picture.size, PAPER)
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        paper.paste(layer, mask=layer)
    else:
        paper.paste(picture.convert("RGB"))
    return paper


def _too_large() -> PictureTooLarge:
    return PictureTooLarge(megapixels=MAX_PIXELS // 1_000_000)
