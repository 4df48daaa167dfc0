"""Scenes in town: school, port, roofs at the end of the day."""

from portevoix.demo.newsroom.canvas import (
    CREAM,
    GLINT,
    HEIGHT,
    HILL,
    HILL_DARK,
    HILL_DEEP,
    INDIGO,
    INDIGO_DEEP,
    INK,
    INK_SOFT,
    PAPER,
    SAFFRON,
    SAND,
    SAND_DEEP,
    SHADE,
    SKY,
    SKY_PALE,
    STONE,
    WIDTH,
    Canvas,
)
from portevoix.demo.newsroom.motifs import (
    cloud,
    panel,
    person,
    roof_strip,
    table_panel,
)


def school() -> Canvas:
    """A school with panels on its roof, its yard, a tree and two children at the meter."""
    sheet = Canvas(SKY)
    sheet.disc(182, 130, 58, SAFFRON)
    cloud(sheet, 980, 140, 66, SKY_PALE)
    sheet.ridge([(0, 380), (300, 350), (700, 386), (1200, 340)], HILL)
    sheet.box(0, 500, WIDTH, 130, SAND)
    sheet.box(0, 500, WIDTH, 5, SAND_DEEP)
    sheet.box(240, 262, 720, 242, CREAM)
    sheet.shape([(210, 268), (300, 150), (900, 150), (990, 268)], INK_SOFT)
    panel(sheet, ((318, 166), (590, 166), (590, 250), (262, 250)), 6, 3)
    panel(sheet, ((612, 166), (882, 166), (938, 250), (612, 250)), 6, 3)
    sheet.box(240, 268, 720, 10, SHADE)
    for x in (278, 378, 478, 672, 772, 872):
        sheet.box(x, 316, 62, 92, INDIGO_DEEP, 4)
        sheet.box(x + 5, 321, 24, 38, HILL, 2)
        sheet.box(x + 33, 321, 24, 38, HILL, 2)
        sheet.box(x - 4, 406, 70, 8, SHADE)
    sheet.box(570, 350, 72, 154, INK, 3)
    sheet.half_disc(606, 350, 36, INK)
    sheet.box(578, 356, 26, 148, INDIGO)
    sheet.box(608, 356, 26, 148, INDIGO)
    sheet.disc(606, 300, 24, PAPER)
    sheet.stroke([(606, 300), (606, 286)], INK, 3.5)
    sheet.stroke([(606, 300), (616, 305)], INK, 3.5)
    _round_tree(sheet, 1086, 520)
    _hopscotch(sheet)
    person(sheet, 360, 578, 136, SAFFRON)
    person(sheet, 430, 582, 126, INDIGO)
    return sheet


def _round_tree(sheet: Canvas, x: float, ground: float) -> None:
    sheet.box(x - 10, ground - 130, 20, 132, INK)
    sheet.stroke([(x, ground - 96), (x + 34, ground - 140)], INK, 9)
    for dx, dy, radius, fill in (
        (-40, 190, 62, HILL_DARK),
        (44, 186, 58, HILL_DARK),
        (2, 240, 70, HILL_DARK),
        (-20, 250, 40, HILL_DEEP),
    ):
        sheet.disc(x + dx, ground - dy, radius, fill)


def _hopscotch(sheet: Canvas) -> None:
    for index, lanes in enumerate((1, 1, 2, 1, 2)):
        for lane in range(lanes):
            shift = (lane - (lanes - 1) / 2) * 34
            sheet.box(660 + index * 62, 556 + shift - 15, 58, 30, CREAM, 3)


def port() -> Canvas:
    """A cold store on the quay, panels on its roof, a crane and a trawler."""
    sheet = Canvas(SKY)
    sheet.disc(240, 300, 92, SAFFRON)
    sheet.box(0, 372, WIDTH, 260, HILL_DARK)
    for x, y, wide in (
        (150, 396, 190),
        (188, 414, 120),
        (206, 432, 72),
        (420, 404, 90),
        (40, 450, 110),
        (330, 470, 130),
        (60, 540, 150),
        (300, 580, 90),
    ):
        sheet.box(x, y, wide, 6, HILL if x < 330 else HILL_DEEP, 3)
    sheet.ridge([(0, 366), (90, 344), (200, 372)], HILL_DEEP, 374)
    _crane(sheet, 1090, 436)
    sheet.box(560, 436, 640, 200, SAND)
    sheet.box(560, 436, 640, 12, STONE)
    for x in range(590, 1200, 92):
        sheet.box(x, 474, 30, 62, SAND_DEEP, 4)
    sheet.box(610, 268, 400, 170, CREAM)
    sheet.box(960, 268, 50, 170, SHADE)
    for index in range(5):
        roof_strip(sheet, (612 + index * 78, 266), (676 + index * 78, 226), 13, 3)
        sheet.stroke([(674 + index * 78, 228), (674 + index * 78, 268)], INK_SOFT, 4)
    for x in (642, 742, 842):
        sheet.box(x, 350, 74, 88, INK, 3)
        for slat in range(4):
            sheet.box(x + 6, 360 + slat * 20, 62, 3, INK_SOFT)
    sheet.box(642, 300, 274, 22, INDIGO, 4)
    _trawler(sheet, 290, 508)
    return sheet


def _crane(sheet: Canvas, x: float, ground: float) -> None:
    for leg in (-34, 34):
        sheet.stroke([(x + leg, ground), (x + leg * 0.5, ground - 250)], INK, 9)
    for level in (70, 150, 220):
        sheet.stroke(
            [(x - 30 + level * 0.06, ground - level), (x + 30 - level * 0.06, ground - level - 34)], INK, 5
        )
    sheet.stroke([(x + 90, ground - 262), (x - 300, ground - 330)], INK, 10)
    sheet.stroke([(x, ground - 370), (x - 240, ground - 322)], INK, 4)
    sheet.stroke([(x, ground - 250), (x, ground - 370), (x + 88, ground - 262)], INK, 6)
    sheet.box(x - 26, ground - 276, 52, 40, INDIGO, 5)
    sheet.box(x + 66, ground - 272, 44, 34, INK, 4)
    sheet.stroke([(x - 280, ground - 326), (x - 280, ground - 270)], INK, 3)


def _trawler(sheet: Canvas, x: float, water: float) -> None:
    sheet.shape(
        [(x - 170, water - 46), (x + 190, water - 70), (x + 150, water + 16), (x - 140, water + 16)], INDIGO
    )
    sheet.shape(
        [(x - 150, water - 8), (x + 163, water - 12), (x + 150, water + 16), (x - 140, water + 16)],
        INDIGO_DEEP,
    )
    sheet.stroke([(x - 170, water - 46), (x + 190, water - 70)], PAPER, 6)
    sheet.box(x - 110, water - 120, 120, 70, PAPER, 6)
    sheet.box(x - 120, water - 130, 140, 14, INK, 5)
    for window in (-96, -58, -20):
        sheet.box(x + window, water - 104, 24, 22, INK, 3)
    sheet.stroke([(x + 60, water - 60), (x + 60, water - 210)], INK, 6)
    sheet.stroke([(x + 60, water - 200), (x + 170, water - 72)], INK, 3)
    sheet.stroke([(x + 60, water - 200), (x - 140, water - 54)], INK, 3)
    sheet.shape([(x + 62, water - 208), (x + 104, water - 196), (x + 62, water - 182)], SAFFRON)
    for wave in range(-200, 240, 62):
        sheet.box(x + wave, water + 14, 44, 7, HILL, 3)


def rooftops() -> Canvas:
    """Flat roofs of a town at the end of the day: laundry, a dish, tanks and panels."""
    sheet = Canvas(SKY)
    sheet.disc(640, 250, 110, SAFFRON)
    sheet.ridge([(0, 330), (260, 280), (600, 322), (900, 270), (1200, 316)], HILL)
    for x, y, wide, fill in (
        (0, 300, 150, HILL_DEEP),
        (140, 260, 110, HILL_DARK),
        (300, 318, 190, HILL_DEEP),
        (520, 340, 130, HILL_DARK),
        (700, 296, 120, HILL_DEEP),
        (860, 250, 90, HILL_DARK),
        (960, 310, 240, HILL_DEEP),
    ):
        sheet.box(x, y, wide, 340, fill)
        for window in range(x + 18, x + wide - 24, 38):
            sheet.box(window, y + 26, 14, 22, SKY_PALE if (window + y) % 3 else SAFFRON, 2)
    _flat_roof(sheet, 0, 404, 420, CREAM)
    _flat_roof(sheet, 780, 380, 420, STONE)
    _flat_roof(sheet, 330, 456, 540, PAPER)
    for x in (380, 530, 680):
        table_panel(sheet, x, 440, 118, 20)
    _laundry(sheet, 40, 404)
    sheet.box(830, 326, 66, 56, INDIGO, 10)
    sheet.box(838, 318, 50, 12, INDIGO_DEEP, 5)
    _dish(sheet, 1060, 380)
    person(sheet, 970, 376, 104, SAFFRON)
    return sheet


def _flat_roof(sheet: Canvas, x: float, y: float, wide: float, fill: str) -> None:
    sheet.box(x, y, wide, HEIGHT - y, fill)
    sheet.box(x - 6, y - 8, wide + 12, 20, SHADE, 3)
    for row in range(2):
        for window in range(int(x) + (128 if x > 700 else 48), int(x + wide) - 60, 104):
            sheet.box(window, y + 52 + row * 108, 46, 66, INK, 3)
            sheet.half_disc(window + 23, y + 53 + row * 108, 23, INK)


def _laundry(sheet: Canvas, x: float, roof: float) -> None:
    for pole in (0, 230):
        sheet.stroke([(x + pole, roof), (x + pole, roof - 96)], INK, 6)
    sheet.stroke([(x, roof - 90), (x + 115, roof - 80), (x + 230, roof - 90)], INK, 3)
    for offset, wide, high, fill in (
        (18, 46, 58, PAPER),
        (74, 34, 44, INDIGO),
        (118, 52, 62, SAFFRON),
        (180, 32, 42, GLINT),
    ):
        sheet.box(x + offset, roof - 83, wide, high, fill, 2)


def _dish(sheet: Canvas, x: float, roof: float) -> None:
    sheet.stroke([(x, roof), (x, roof - 50)], INK, 6)
    sheet.oval(x - 6, roof - 66, 34, 30, PAPER)
    sheet.oval(x - 1, roof - 66, 26, 24, SHADE)
    sheet.stroke([(x - 2, roof - 64), (x - 36, roof - 84)], INK, 4)
