"""What comes back from one scene to the next: sun, palms, panels, people, turbines, trees."""

import math
from itertools import pairwise

from portevoix.demo.newsroom.canvas import (
    CREAM,
    GLINT,
    HILL_DARK,
    HILL_DEEP,
    INDIGO,
    INDIGO_DEEP,
    INK,
    PAPER,
    SAND,
    SAND_DEEP,
    Canvas,
    Point,
    quadratic,
    turned,
)


def palm(sheet: Canvas, x: float, ground: float, height: float, lean: float = 12) -> None:
    """A palm that stands at `x` on the line `ground`."""
    top = (x + lean, ground - height)
    width = height * 0.05
    left = quadratic(
        (x - width, ground), (x - width * 0.2, ground - height * 0.5), (top[0] - width * 0.45, top[1])
    )
    right = quadratic(
        (top[0] + width * 0.45, top[1]), (x + width * 1.3, ground - height * 0.5), (x + width, ground)
    )
    sheet.shape([*left, *right], INK)
    for reach, rise, droop in _FRONDS:
        _frond(sheet, top, reach * height, rise * height, droop * height)
    sheet.disc(*top, width * 0.9, INK)


_FRONDS = (
    (-0.42, -0.10, 0.12),
    (-0.36, -0.30, -0.10),
    (-0.14, -0.26, -0.30),
    (0.24, -0.34, -0.24),
    (0.42, -0.24, -0.02),
    (0.36, -0.04, 0.20),
    (-0.24, 0.02, 0.24),
)


def _frond(sheet: Canvas, top: Point, reach: float, rise: float, droop: float) -> None:
    tip = (top[0] + reach, top[1] + droop)
    above = quadratic(top, (top[0] + reach * 0.45, top[1] + rise - abs(reach) * 0.16), tip)
    below = quadratic(tip, (top[0] + reach * 0.5, top[1] + rise + abs(reach) * 0.14), top)
    sheet.shape([*above, *below], INK)


def panel(sheet: Canvas, corners: tuple[Point, Point, Point, Point], columns: int, rows: int = 1) -> None:
    """A field of panels between four corners (top left, top right, bottom right, bottom left)."""
    sheet.shape(corners, INDIGO)
    top_left, top_right, bottom_right, bottom_left = corners
    for column in range(1, columns):
        t = column / columns
        sheet.stroke([_part(top_left, top_right, t), _part(bottom_left, bottom_right, t)], GLINT, 2.2)
    for row in range(1, rows):
        t = row / rows
        sheet.stroke([_part(top_left, bottom_left, t), _part(top_right, bottom_right, t)], GLINT, 2.2)


def _part(start: Point, end: Point, t: float) -> Point:
    return start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t


def roof_strip(sheet: Canvas, start: Point, end: Point, depth: float, cells: int) -> None:
    """Panels seen from the side, lying on a slope that goes from `start` to `end`."""
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    normal = ((end[1] - start[1]) / length * depth, -(end[0] - start[0]) / length * depth)
    lifted = [(start[0] + normal[0], start[1] + normal[1]), (end[0] + normal[0], end[1] + normal[1])]
    panel(sheet, (lifted[0], lifted[1], end, start), cells)


def table_panel(sheet: Canvas, x: float, y: float, width: float, tilt: float = 26) -> None:
    """A stand-alone row of panels on two legs, its lower edge at `y`."""
    for leg in (0.2, 0.8):
        sheet.stroke([(x + width * leg, y - tilt), (x + width * leg, y + 24)], INK, 5)
    panel(sheet, ((x + tilt, y - 2 * tilt), (x + width + tilt, y - 2 * tilt), (x + width, y), (x, y)), 6, 2)


def turbine(sheet: Canvas, x: float, ground: float, height: float, degrees: float) -> None:
    """A wind turbine; `degrees` turns its blades."""
    hub = (x, ground - height)
    foot, neck = height * 0.022, height * 0.011
    sheet.shape(
        [(x - foot, ground), (hub[0] - neck, hub[1]), (hub[0] + neck, hub[1]), (x + foot, ground)], CREAM
    )
    sheet.shape([(x, ground), (hub[0], hub[1]), (hub[0] + neck, hub[1]), (x + foot, ground)], SAND)
    for third in range(3):
        _blade(sheet, hub, height * 0.52, degrees + third * 120)
    sheet.disc(*hub, height * 0.026, INK)


def _blade(sheet: Canvas, hub: Point, length: float, degrees: float) -> None:
    x, y = hub
    front = quadratic((x - length * 0.02, y), (x - length * 0.11, y - length * 0.28), (x, y - length))
    back = quadratic((x, y - length), (x + length * 0.03, y - length * 0.3), (x + length * 0.03, y))
    sheet.shape(turned([*front, *back], hub, degrees), PAPER)


def olive_tree(sheet: Canvas, x: float, ground: float, size: float) -> None:
    """An olive tree with a twisted trunk and a crown of four rounds."""
    trunk = [
        *quadratic(
            (x - size * 0.14, ground),
            (x - size * 0.02, ground - size * 0.3),
            (x - size * 0.12, ground - size * 0.62),
        ),
        *quadratic(
            (x + size * 0.12, ground - size * 0.62),
            (x + size * 0.01, ground - size * 0.3),
            (x + size * 0.16, ground),
        ),
    ]
    sheet.shape(trunk, INK)
    sheet.oval(x, ground - size * 0.86, size * 0.56, size * 0.34, HILL_DARK)
    sheet.disc(x - size * 0.3, ground - size * 0.8, size * 0.27, HILL_DARK)
    sheet.disc(x + size * 0.32, ground - size * 0.78, size * 0.25, HILL_DARK)
    sheet.oval(x - size * 0.12, ground - size * 1.0, size * 0.36, size * 0.2, HILL_DEEP)
    for dx, dy in ((-0.34, 0.74), (-0.1, 0.68), (0.16, 0.72), (0.38, 0.8), (0.06, 0.9), (-0.24, 0.9)):
        sheet.oval(x + dx * size, ground - dy * size, size * 0.03, size * 0.045, INK)


def person(
    sheet: Canvas, x: float, ground: float, height: float, coat: str = INDIGO, helmet: str | None = None
) -> None:
    """Somebody standing, seen from the front, drawn in six shapes."""
    head = height * 0.085
    hips, shoulders = ground - height * 0.46, ground - height * 0.8
    for side in (-1, 1):
        sheet.stroke(
            [(x + side * height * 0.05, hips), (x + side * height * 0.06, ground)], INK, height * 0.085
        )
    half = height * 0.115
    sheet.box(x - half, shoulders, 2 * half, hips - shoulders + height * 0.05, coat, half * 0.55)
    for side in (-1, 1):
        arm = [(x + side * half * 0.95, shoulders + height * 0.06), (x + side * half * 1.35, hips)]
        sheet.stroke(arm, coat, height * 0.065)
        sheet.disc(x + side * half * 1.37, hips + height * 0.02, height * 0.034, SAND_DEEP)
    sheet.box(x - height * 0.03, shoulders - height * 0.05, height * 0.06, height * 0.08, SAND_DEEP)
    sheet.disc(x, shoulders - height * 0.095, head, SAND_DEEP)
    _hair_or_helmet(sheet, x, shoulders - height * 0.105, head * 1.1, helmet)


def _hair_or_helmet(sheet: Canvas, x: float, y: float, radius: float, helmet: str | None) -> None:
    sheet.half_disc(x, y, radius, helmet or INK)
    if helmet:
        sheet.box(x - radius * 1.25, y - radius * 0.12, radius * 2.5, radius * 0.26, helmet, radius * 0.13)


def seated(
    sheet: Canvas, x: float, table_top: float, size: float, coat: str, hair: str = INK, cut: str = "short"
) -> None:
    """Somebody behind a table: head and shoulders; `cut` is short, bun, long or scarf."""
    head, radius = table_top - size * 1.2, size * 0.23
    if cut in {"long", "scarf"}:
        sheet.box(x - radius * 1.3, head - radius * 0.5, radius * 2.6, size * 0.62, hair, radius * 1.1)
    sheet.box(x - size * 0.44, table_top - size * 0.84, size * 0.88, size * 1.2, coat, size * 0.36)
    sheet.box(
        x - size * 0.1, head, size * 0.2, size * 0.46, SAND_DEEP if cut != "scarf" else hair, size * 0.1
    )
    if cut == "bun":
        sheet.disc(x, head - radius * 1.35, radius * 0.5, hair)
    sheet.disc(x, head - radius * 0.12, radius * 1.16, hair)
    sheet.oval(x, head + radius * 0.14, radius * 0.88, radius * 0.98, SAND_DEEP)
    sheet.half_disc(x, head - radius * 0.22, radius * 0.98, hair)


def from_behind(sheet: Canvas, x: float, table_top: float, size: float, coat: str, hair: str) -> None:
    """Somebody who sits with their back to us, in an office chair."""
    head, radius = table_top - size * 1.2, size * 0.24
    sheet.box(x - size * 0.1, head, size * 0.2, size * 0.46, SAND_DEEP, size * 0.1)
    sheet.box(x - size * 0.46, table_top - size * 0.84, size * 0.92, size * 1.2, coat, size * 0.36)
    for side in (-1, 1):
        sheet.disc(x + side * radius * 1.02, head + radius * 0.2, radius * 0.24, SAND_DEEP)
    sheet.oval(x, head, radius * 1.05, radius * 1.16, hair)
    sheet.box(x - size * 0.36, table_top - size * 0.5, size * 0.72, size * 0.9, INK, size * 0.16)


def cloud(sheet: Canvas, x: float, y: float, size: float, fill: str = PAPER) -> None:
    """A flat cloud that lies on the line `y`."""
    sheet.box(x - size, y - size * 0.32, 2 * size, size * 0.32, fill, size * 0.16)
    sheet.half_disc(x - size * 0.25, y - size * 0.16, size * 0.42, fill)
    sheet.half_disc(x + size * 0.32, y - size * 0.16, size * 0.3, fill)


def bolt(sheet: Canvas, x: float, y: float, size: float, fill: str) -> None:
    """A lightning bolt centred on a point."""
    outline = ((0.12, -1), (-0.6, 0.16), (-0.06, 0.16), (-0.2, 1), (0.6, -0.28), (0.04, -0.28), (0.3, -1))
    sheet.shape([(x + dx * size, y + dy * size) for dx, dy in outline], fill)


def bicycle(sheet: Canvas, x: float, ground: float, size: float) -> None:
    """A bicycle leaning nowhere, wheels on the line `ground`."""
    rear, front = (x - size, ground - size * 0.62), (x + size, ground - size * 0.62)
    for wheel in (rear, front):
        ring = [
            (
                wheel[0] + size * 0.58 * math.cos(a / 20 * math.pi),
                wheel[1] + size * 0.58 * math.sin(a / 20 * math.pi),
            )
            for a in range(41)
        ]
        sheet.stroke(ring, INK, size * 0.09)
        sheet.disc(*wheel, size * 0.09, INK)
    crank, seat, bars = (
        (x - size * 0.12, ground - size * 0.62),
        (x - size * 0.4, ground - size * 1.5),
        (x + size * 0.68, ground - size * 1.5),
    )
    for a, b in pairwise((rear, seat, bars, crank, rear)):
        sheet.stroke([a, b], INDIGO, size * 0.11)
    sheet.stroke([crank, (seat[0] - size * 0.06, seat[1] - size * 0.2)], INDIGO, size * 0.11)
    sheet.stroke([front, (bars[0] - size * 0.08, bars[1] - size * 0.26)], INDIGO, size * 0.11)
    sheet.stroke(
        [(bars[0] - size * 0.1, bars[1] - size * 0.26), (bars[0] + size * 0.22, bars[1] - size * 0.3)],
        INK,
        size * 0.12,
    )
    sheet.box(seat[0] - size * 0.32, seat[1] - size * 0.3, size * 0.5, size * 0.14, INK, size * 0.07)
    sheet.disc(*crank, size * 0.15, INDIGO_DEEP)
