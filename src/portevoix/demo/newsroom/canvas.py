"""A sheet of 1200 × 630 points, drawn three times larger and brought down so that edges are smooth."""

import math
from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1200, 630
_FINER = 3

Point = tuple[float, float]

SKY = "#DCDCF6"
SKY_PALE = "#EEEEFB"
HILL = "#C4C3EC"
HILL_DEEP = "#ABAAE2"
HILL_DARK = "#8886D3"
INDIGO = "#3A3AC7"
INDIGO_DEEP = "#2A2A9C"
GLINT = "#A9A9EE"
PAPER = "#FFFEFA"
CREAM = "#F6F1E6"
STONE = "#EDE7DC"
SHADE = "#D8CDBB"
SAND = "#CDBFA8"
SAND_DEEP = "#B5A58B"
INK = "#1D1E24"
INK_SOFT = "#3B3D49"
SAFFRON = "#F4B942"
SAFFRON_DEEP = "#D99A22"


def quadratic(start: Point, bend: Point, end: Point, steps: int = 24) -> list[Point]:
    """The points of a curve that leaves `start`, is drawn towards `bend`, and arrives at `end`."""
    points = []
    for step in range(steps + 1):
        t = step / steps
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
        points.append((a * start[0] + b * bend[0] + c * end[0], a * start[1] + b * bend[1] + c * end[1]))
    return points


def smooth(points: Sequence[Point], steps: int = 16) -> list[Point]:
    """A soft line through every one of `points`."""
    padded = [points[0], *points, points[-1]]
    line: list[Point] = []
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        line += [_between(p0, p1, p2, p3, step / steps) for step in range(steps)]
    return [*line, points[-1]]


def _between(p0: Point, p1: Point, p2: Point, p3: Point, t: float) -> Point:
    def along(a: float, b: float, c: float, d: float) -> float:
        return 0.5 * (
            2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
        )

    return along(p0[0], p1[0], p2[0], p3[0]), along(p0[1], p1[1], p2[1], p3[1])


def turned(points: Sequence[Point], around: Point, degrees: float) -> list[Point]:
    """`points` turned clockwise around a point."""
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    x0, y0 = around
    return [(x0 + (x - x0) * cos - (y - y0) * sin, y0 + (x - x0) * sin + (y - y0) * cos) for x, y in points]


class Canvas:
    """Flat shapes on a sheet; every measure is in points of the final picture."""

    def __init__(self, ground: str) -> None:
        self._image = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER), ground)
        self._pen = ImageDraw.Draw(self._image)

    def shape(self, points: Sequence[Point], fill: str) -> None:
        """A closed shape through `points`."""
        self._pen.polygon([(x * _FINER, y * _FINER) for x, y in points], fill=fill)

    def box(self, x: float, y: float, width: float, height: float, fill: str, radius: float = 0) -> None:
        """A rectangle, with round corners where `radius` says so."""
        corners = (x * _FINER, y * _FINER, (x + width) * _FINER - 1, (y + height) * _FINER - 1)
        self._pen.rounded_rectangle(corners, radius * _FINER, fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        """A full circle."""
        self.oval(x, y, radius, radius, fill)

    def oval(self, x: float, y: float, wide: float, high: float, fill: str) -> None:
        """A full ellipse given by its half axes."""
        corners = ((x - wide) * _FINER, (y - high) * _FINER, (x + wide) * _FINER, (y + high) * _FINER)
        self._pen.ellipse(corners, fill=fill)

    def half_disc(self, x: float, y: float, radius: float, fill: str) -> None:
        """The upper half of a circle that stands on the line `y`."""
        corners = tuple(v * _FINER for v in (x - radius, y - radius, x + radius, y + radius))
        self._pen.pieslice(corners, 180, 360, fill=fill)

    def stroke(self, points: Sequence[Point], fill: str, width: float) -> None:
        """A line of even width with round ends and joints."""
        fine = [(x * _FINER, y * _FINER) for x, y in points]
        self._pen.line(fine, fill=fill, width=round(width * _FINER), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2 - 0.2, fill)

    def ridge(self, points: Sequence[Point], fill: str, down_to: float = HEIGHT) -> None:
        """Everything under a soft line, as hills and fields are."""
        self.shape([*smooth(points), (points[-1][0], down_to), (points[0][0], down_to)], fill)

    def png(self) -> bytes:
        """The picture as PNG, 1200 × 630, at most 256 colours: flat drawings lose nothing by it."""
        final = self._image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        packed = final.quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        data = BytesIO()
        packed.save(data, "PNG", optimize=True)
        return data.getvalue()
