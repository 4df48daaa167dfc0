"""Drawing a card of 1200 by 630 pixels for a story without a picture: its title, its pillar, the company. Pure.

Paper, ink and one strong blue, in the fonts of the pages. A line of two scripts is cut into stretches that run one way
and are written in one font, put side by side as the main language reads; Arabic is shaped by libraqm. Where Arabic cannot
be shaped (libfribidi is not installed) and a text needs it, the card has no texts rather than wrong ones.
"""

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont, features

from portevoix.links.cards import DRAWING_SIZE

PAPER, INK, SOFT, LINE, BLUE = "#FAF7F2", "#1D1E24", "#5C5D66", "#EDE7DC", "#3A3AC7"
FONTS: Final = Path(__file__).resolve().parent.parent / "static" / "built" / "fonts"
FAMILY: Final = ("plex-latin", "plex-latin-ext", "plex-arabic")
MARGIN: Final = 88
TITLE_SIZES: Final = (76, 68, 60, 54, 48)
TITLE_LINES: Final = 4
_WIDTH, _HEIGHT = DRAWING_SIZE
_ROOM: Final = _WIDTH - 2 * MARGIN
TITLE_ROOM: Final = 340
_RIGHT_TO_LEFT: Final = ("R", "AL")
_FINER: Final = 8  # the mark is drawn that much larger, then made smaller, so that its edges are smooth


class DrawingFailed(Exception):
    """The card cannot be drawn; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a drawing says; `pillar` may be empty."""

    title: str
    company: str
    pillar: str
    language: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a line in one font that runs one way."""

    text: str
    font: ImageFont.FreeTypeFont
    is_rtl: bool

    @property
    def direction(self) -> str | None:
        if not can_shape():
            return None
        return "rtl" if self.is_rtl else "ltr"

    @property
    def width(self) -> float:
        return self.font.getlength(self.text, direction=self.direction)


def draw_card(words: Words) -> bytes:
    """The card as a PNG; raises `DrawingFailed` when the fonts of the pages are missing."""
    is_rtl = words.language == "ar"
    picture = Image.new("RGB", DRAWING_SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle(_across(0, 0, 20, _HEIGHT, is_rtl), fill=BLUE)
    pen.rectangle((MARGIN, 502, _WIDTH - MARGIN, 503), fill=LINE)
    _draw_mark(picture, _across(_WIDTH - MARGIN - 64, 528, 64, 64, is_rtl)[:2])
    texts = (words.title, words.company, words.pillar)
    if can_shape() or not any(_is_rtl(sign) for text in texts for sign in text):
        _write(pen, words, is_rtl)
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()


def reads_rtl(text: str) -> bool:
    """Whether a text runs to the left: its first letter does."""
    return next((way for sign in text if (way := _way(sign)) is not None and sign.isalpha()), False)


@lru_cache(maxsize=1)
def can_shape() -> bool:
    """Whether Arabic letters can be joined and ordered here."""
    return bool(features.check("raqm") and features.check("fribidi"))


def _write(pen: ImageDraw.ImageDraw, words: Words, is_rtl: bool) -> None:
    top = 84
    if words.pillar:
        _write_line(pen, shortened(words.pillar, 600, 34, is_rtl, _ROOM), top + 30, BLUE, is_rtl)
        top += 64
    size, lines = fitted(words.title, is_rtl)
    step = round(_step(size, is_rtl))
    for number, line in enumerate(lines):
        _write_line(pen, line, top + size + number * step, INK, is_rtl)
    company = shortened(words.company, 600, 34, is_rtl, _ROOM - 100)
    _write_line(pen, company, 572, SOFT, is_rtl)


def fitted(title: str, is_rtl: bool) -> tuple[int, list[list[Stretch]]]:
    """The largest size in which the title fits its room, and its lines; what is too long for the smallest is cut."""
    size, lines = TITLE_SIZES[0], [""]
    for size in TITLE_SIZES:
        most = min(TITLE_LINES, int(TITLE_ROOM / _step(size, is_rtl)))
        lines = broken(title, 600, size, is_rtl)
        shown = [stretches(line, 600, size, is_rtl) for line in lines]
        if len(shown) <= most and all(_width(line) <= _ROOM for line in shown):
            return size, shown
    kept = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return size, [shortened(line, 600, size, is_rtl, _ROOM) for line in kept]


def broken(text: str, weight: int, size: int, is_rtl: bool) -> list[str]:
    """The text in lines that are as long as the card is wide, broken between words."""
    lines, line = [], ""
    for word in _drawable(text, weight).split(" "):
        longer = f"{line} {word}".strip()
        if line and _width(stretches(longer, weight, size, is_rtl)) > _ROOM:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]


def shortened(text: str, weight: int, size: int, is_rtl: bool, width: int) -> list[Stretch]:
    """The text as one line of at most that width, cut at a word, or within one, when it is longer."""
    kept = _drawable(text, weight)
    line = stretches(kept, weight, size, is_rtl)
    while kept and _width(line) > width:
        kept = kept.rpartition(" ")[0] or kept[:-1]
        line = stretches(f"{kept.rstrip(' ,;:–-')}…", weight, size, is_rtl)
    return line


def stretches(text: str, weight: int, size: int, is_rtl: bool) -> list[Stretch]:
    """The line's stretches from left to right, as they are seen in a text whose language runs that way."""
    seen: list[Stretch] = []
    for runs_rtl, group in groupby(zip(text, _ways(text, is_rtl), strict=True), key=lambda pair: pair[1]):
        signs = [sign for sign, _ in group]
        pieces = [
            Stretch("".join(piece), _font(name, weight, size), runs_rtl)
            for name, piece in groupby(
                signs, key=lambda sign: _font_with(sign, weight, prefers_arabic=runs_rtl)
            )
        ]
        ordered = pieces[::-1] if runs_rtl else pieces
        seen = [*ordered, *seen] if is_rtl else [*seen, *ordered]
    return seen


def _ways(text: str, is_rtl: bool) -> list[bool]:
    """For each sign, whether it runs to the left. One without a way of its own goes with its neighbours, or the line.

    A bracket closes as its partner opened.
    """
    own = [_way(sign) for sign in text]
    before: list[bool | None] = []
    for way in own:
        before.append(way if way is not None else (before[-1] if before else None))
    after: list[bool | None] = []
    for way in reversed(own):
        after.append(way if way is not None else (after[-1] if after else None))
    after.reverse()
    ways = [one if one is not None and one == two else is_rtl for one, two in zip(before, after, strict=True)]
    opened: list[int] = []
    for at, sign in enumerate(text):
        if sign in "([":
            opened.append(at)
        elif sign in ")]" and opened:
            ways[at] = ways[opened.pop()]
    return ways


def _way(sign: str) -> bool | None:
    kind = unicodedata.bidirectional(sign)
    if kind in _RIGHT_TO_LEFT:
        return True
    return False if kind in ("L", "EN", "AN") else None


def _is_rtl(sign: str) -> bool:
    return unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT


def _write_line(
    pen: ImageDraw.ImageDraw, line: list[Stretch], baseline: int, colour: str, is_rtl: bool
) -> None:
    left = _WIDTH - MARGIN - _width(line) if is_rtl else float(MARGIN)
    for stretch in line:
        place = (left, baseline)
        pen.text(
            place, stretch.text, font=stretch.font, fill=colour, anchor="ls", direction=stretch.direction
        )
        left += stretch.width


def _step(size: int, is_rtl: bool) -> float:
    """From one line of the title to the next: Arabic stands taller."""
    return size * (1.4 if is_rtl else 1.18)


def _width(line: list[Stretch]) -> float:
    return sum(stretch.width for stretch in line)


def _drawable(text: str, weight: int) -> str:
    """The text without what no font of ours can draw, such as emoji, and without empty room."""
    return " ".join("".join(_kept(text, weight)).split())


def _kept(text: str, weight: int) -> Iterator[str]:
    for sign in unicodedata.normalize("NFC", text)[:600]:
        if sign.isspace():
            yield " "
        elif sign.isprintable() and _font_with(sign, weight, prefers_arabic=False):
            yield sign


@lru_cache(maxsize=4096)
def _font_with(sign: str, weight: int, *, prefers_arabic: bool) -> str:
    """The name of the font that has that sign; empty when none does."""
    family = FAMILY[::-1] if prefers_arabic else FAMILY
    return next((name for name in family if _has(_font(name, weight, 48), sign)), "")


def _has(font: ImageFont.FreeTypeFont, sign: str) -> bool:
    if sign == " ":
        return True
    # Variation selectors and joiners have no shape either; they are not missed.
    return bytes(font.getmask(sign)) != bytes(font.getmask("\uffff"))


@lru_cache(maxsize=64)
def _font(name: str, weight: int, size: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(FONTS / f"{name}-{weight}.woff2", size)
    except OSError as error:
        raise DrawingFailed(f"the font {name}-{weight} is not in {FONTS} ({error}).") from error


def _across(left: int, top: int, width: int, height: int, is_rtl: bool) -> tuple[int, int, int, int]:
    """A box, mirrored where the language runs to the left."""
    start = _WIDTH - left - width if is_rtl else left
    return start, top, start + width - 1, top + height - 1


def _draw_mark(picture: Image.Image, place: tuple[int, int]) -> None:
    """The megaphone of `assets/brand/mark.svg`, on a square of 64 pixels."""
    scale = 64 / 24 * _FINER
    mask = Image.new("L", (64 * _FINER, 64 * _FINER))
    pen = ImageDraw.Draw(mask)
    horn = [(16, 4.2), (16, 19.8), (15.4, 20.2), (8.6, 16.7), (8.6, 19.5), (7.6, 20.5), (6, 20.5), (5, 19.5),
            (5, 15.6), (3, 14.7), (2, 13.2), (2, 10.8), (3, 9.3), (15.4, 3.8)]  # fmt: skip
    pen.polygon([(x * scale, y * scale) for x, y in horn], fill=255)
    wave = [_on_wave(step / 24) for step in range(25)]
    pen.line([(x * scale, y * scale) for x, y in wave], fill=255, width=round(2 * scale), joint="curve")
    for x, y in (wave[0], wave[-1]):
        pen.ellipse([((x - 1) * scale, (y - 1) * scale), ((x + 1) * scale, (y + 1) * scale)], fill=255)
    picture.paste(BLUE, place, mask.resize((64, 64), Image.Resampling.LANCZOS))


def _on_wave(along: float) -> tuple[float, float]:
    """A point of the curve from (19, 8.6) to (19, 15.4) that bends through 20.5."""
    rest = 1 - along
    weights = (rest**3, 3 * rest**2 * along, 3 * rest * along**2, along**3)
    xs, ys = (19, 20.5, 20.5, 19), (8.6, 10.5, 13.5, 15.4)
    return sum(w * x for w, x in zip(weights, xs, strict=True)), sum(
        w * y for w, y in zip(weights, ys, strict=True)
    )
