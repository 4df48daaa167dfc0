"""Scenes in the open: factory, turbines, train, olive grove, pump."""

from portevoix.demo.newsroom.canvas import (
    CREAM,
    GLINT,
    HEIGHT,
    HILL,
    HILL_DEEP,
    INDIGO,
    INDIGO_DEEP,
    INK,
    INK_SOFT,
    PAPER,
    SAFFRON,
    SAFFRON_DEEP,
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
    bicycle,
    cloud,
    olive_tree,
    palm,
    panel,
    person,
    roof_strip,
    table_panel,
    turbine,
)


def factory() -> Canvas:
    """A dairy with three sheds, panels on each, a palm and the sun."""
    sheet = Canvas(SKY)
    sheet.disc(1068, 112, 54, SAFFRON)
    sheet.ridge([(0, 330), (180, 290), (420, 330), (700, 300), (980, 262), (1200, 240)], HILL)
    sheet.box(0, 488, WIDTH, 150, SAND)
    sheet.box(0, 488, WIDTH, 5, SAND_DEEP)
    for x in (230, 503, 776):
        sheet.shape([(x, 400), (x, 216), (x + 222, 118), (x + 222, 400)], CREAM)
        sheet.shape([(x + 222, 118), (x + 273, 214), (x + 273, 400), (x + 222, 400)], SHADE)
        roof_strip(sheet, (x - 10, 220), (x + 228, 115), 26, 5)
    sheet.box(212, 382, 860, 110, STONE)
    sheet.box(212, 382, 860, 8, SHADE)
    for x in (296, 370, 444, 706, 780, 854, 928):
        sheet.box(x, 418, 46, 30, INK)
        sheet.box(x, 418, 46, 8, INK_SOFT)
    sheet.box(560, 408, 76, 84, INK, 3)
    sheet.box(572, 420, 52, 72, INDIGO_DEEP, 2)
    palm(sheet, 112, 492, 232)
    _milk_lorry(sheet, 760, 560)
    return sheet


def _milk_lorry(sheet: Canvas, x: float, ground: float) -> None:
    sheet.box(x, ground - 84, 190, 62, PAPER, 31)
    sheet.box(x + 60, ground - 84, 8, 62, STONE)
    sheet.box(x + 122, ground - 84, 8, 62, STONE)
    sheet.box(x - 4, ground - 26, 262, 14, INK, 5)
    sheet.shape(
        [
            (x + 198, ground - 22),
            (x + 198, ground - 92),
            (x + 236, ground - 92),
            (x + 260, ground - 56),
            (x + 260, ground - 22),
        ],
        INDIGO,
    )
    sheet.shape(
        [(x + 212, ground - 58), (x + 212, ground - 82), (x + 232, ground - 82), (x + 248, ground - 58)], SKY
    )
    for wheel in (36, 74, 226):
        sheet.disc(x + wheel, ground - 8, 18, INK)
        sheet.disc(x + wheel, ground - 8, 7, SAND)


def turbines() -> Canvas:
    """Three turbines on the hills, one close and two far."""
    sheet = Canvas(SKY)
    sheet.disc(250, 196, 74, SAFFRON)
    cloud(sheet, 520, 168, 70, SKY_PALE)
    cloud(sheet, 1030, 116, 54, SKY_PALE)
    sheet.ridge([(0, 366), (200, 330), (430, 372), (680, 318), (940, 352), (1200, 300)], HILL)
    turbine(sheet, 610, 352, 176, 22)
    turbine(sheet, 1066, 350, 190, 84)
    sheet.ridge([(0, 440), (240, 404), (520, 452), (820, 388), (1200, 446)], HILL_DEEP)
    turbine(sheet, 838, 416, 290, 40)
    sheet.ridge([(0, 470), (260, 520), (560, 478), (900, 536), (1200, 486)], SAND)
    sheet.ridge([(0, 566), (340, 538), (700, 586), (1200, 548)], SAND_DEEP)
    _farm(sheet, 220, 520)
    for x, y, high in ((370, 506, 46), (396, 504, 58), (420, 500, 40), (1110, 506, 52), (1136, 504, 38)):
        _cypress(sheet, x, y, high)
    return sheet


def _farm(sheet: Canvas, x: float, ground: float) -> None:
    sheet.box(x, ground - 46, 120, 48, CREAM)
    sheet.shape(
        [(x - 10, ground - 44), (x + 20, ground - 84), (x + 130, ground - 84), (x + 130, ground - 44)],
        INK_SOFT,
    )
    panel(
        sheet,
        ((x + 38, ground - 76), (x + 122, ground - 76), (x + 118, ground - 54), (x + 26, ground - 54)),
        4,
    )
    for window in (18, 84):
        sheet.box(x + window, ground - 30, 16, 18, INK)
    sheet.box(x + 50, ground - 32, 20, 34, INDIGO)


def _cypress(sheet: Canvas, x: float, ground: float, height: float) -> None:
    sheet.oval(x, ground - height / 2, height * 0.19, height / 2, INK)
    sheet.box(x - 2, ground - 8, 4, 12, INK)


def train() -> Canvas:
    """A commuter train crosses a valley; a bicycle waits on the platform."""
    sheet = Canvas(SKY)
    sheet.disc(960, 150, 62, SAFFRON)
    cloud(sheet, 270, 150, 62, SKY_PALE)
    sheet.ridge([(0, 300), (220, 226), (470, 290), (760, 216), (1000, 268), (1200, 220)], HILL)
    sheet.ridge([(0, 380), (300, 330), (620, 372), (900, 322), (1200, 366)], HILL_DEEP)
    sheet.box(0, 452, WIDTH, 12, INK_SOFT)
    for x in range(0, WIDTH, 34):
        sheet.box(x, 462, 16, 9, INK_SOFT)
    _railcar(sheet, 96, 452)
    _railcar_head(sheet, 648, 452)
    sheet.box(0, 482, WIDTH, 150, STONE)
    sheet.box(0, 482, WIDTH, 7, PAPER)
    sheet.box(0, 500, WIDTH, 6, SAFFRON)
    sheet.stroke([(214, 600), (214, 330)], INK, 9)
    sheet.box(136, 318, 156, 50, INDIGO, 8)
    for offset, wide in ((156, 72), (156, 104)):
        sheet.box(offset, 331 if wide == 72 else 349, wide, 8, PAPER, 4)
    bicycle(sheet, 930, 596, 66)
    person(sheet, 800, 600, 190, SAFFRON)
    sheet.box(772, 470, 34, 66, INK_SOFT, 12)
    return sheet


def _railcar(sheet: Canvas, x: float, ground: float) -> None:
    sheet.box(x - 200, ground - 142, 742, 122, PAPER, 14)
    sheet.box(x - 200, ground - 62, 742, 26, INDIGO)
    for window in range(-180, 520, 84):
        sheet.box(x + window, ground - 122, 62, 44, INK, 7)
        sheet.shape(
            [
                (x + window + 34, ground - 122),
                (x + window + 52, ground - 122),
                (x + window + 24, ground - 78),
                (x + window + 8, ground - 78),
            ],
            INK_SOFT,
        )
    for wheel in (-60, 0, 430, 490):
        sheet.disc(x + wheel, ground - 14, 17, INK)


def _railcar_head(sheet: Canvas, x: float, ground: float) -> None:
    body = [
        (x, ground - 20),
        (x, ground - 142),
        (x + 250, ground - 142),
        (x + 322, ground - 112),
        (x + 378, ground - 54),
        (x + 380, ground - 20),
    ]
    sheet.shape(body, PAPER)
    sheet.shape([(x, ground - 62), (x + 372, ground - 62), (x + 380, ground - 36), (x, ground - 36)], INDIGO)
    for window in (22, 106, 190):
        sheet.box(x + window, ground - 122, 62, 44, INK, 7)
    sheet.shape(
        [(x + 276, ground - 120), (x + 312, ground - 106), (x + 346, ground - 70), (x + 276, ground - 70)],
        INK,
    )
    sheet.box(x + 350, ground - 50, 18, 9, SAFFRON, 4)
    for wheel in (60, 120, 270, 330):
        sheet.disc(x + wheel, ground - 14, 17, INK)


def olives() -> Canvas:
    """Rows of olive trees with panels raised between them."""
    sheet = Canvas(SKY)
    sheet.disc(886, 150, 66, SAFFRON)
    sheet.ridge([(0, 300), (170, 218), (330, 270), (560, 178), (760, 262), (980, 210), (1200, 280)], HILL)
    sheet.ridge([(0, 346), (360, 312), (760, 350), (1200, 318)], HILL_DEEP)
    sheet.ridge([(0, 376), (400, 358), (800, 382), (1200, 362)], SAND)
    for x in (70, 300, 530, 760, 990, 1180):
        olive_tree(sheet, x, 424, 84)
    _raised_row(sheet, 356, 424, 0.72, (130, 360, 590, 820, 1050))
    sheet.ridge([(0, 442), (500, 430), (1200, 446)], SAND_DEEP)
    sheet.ridge([(0, 470), (500, 458), (1200, 474)], SAND)
    _raised_row(sheet, 386, 566, 1.15, (230, 640, 1030))
    for x in (150, 540, 940):
        olive_tree(sheet, x, 576, 158)
    person(sheet, 1150, 594, 170, SAFFRON_DEEP)
    sheet.ridge([(0, 606), (600, 594), (1200, 610)], SAND_DEEP)
    return sheet


def _raised_row(sheet: Canvas, top: float, ground: float, scale: float, places: tuple[int, ...]) -> None:
    for x in places:
        wide, rise = 190 * scale, 46 * scale
        for leg in (0.24, 0.86):
            sheet.stroke([(x + wide * leg, top), (x + wide * leg, ground)], INK_SOFT, 6 * scale)
        corners = (
            (x + 40 * scale, top - rise),
            (x + wide + 10 * scale, top - rise),
            (x + wide - 20 * scale, top + 12 * scale),
            (x, top + 12 * scale),
        )
        panel(sheet, corners, 5, 2)


def pump() -> Canvas:
    """A solar pump in a field, its basin, and green rows that run to the hills."""
    sheet = Canvas(SKY)
    sheet.disc(300, 158, 64, SAFFRON)
    sheet.ridge([(0, 312), (260, 250), (520, 300), (840, 232), (1200, 296)], HILL)
    sheet.ridge([(0, 348), (600, 330), (1200, 352)], SAND)
    for lane in range(-9, 10):
        near, far = 600 + lane * 170, 600 + lane * 52
        sheet.shape(
            [(far - 9, 346), (far + 9, 346), (near + 42, HEIGHT), (near - 42, HEIGHT)],
            HILL_DEEP if lane % 2 else SAND_DEEP,
        )
    sheet.shape([(620, 430), (1100, 430), (1180, 560), (560, 560)], STONE)
    sheet.shape([(648, 446), (1076, 446), (1136, 540), (606, 540)], INDIGO)
    for x, y, wide in ((700, 474, 120), (880, 494, 150), (720, 516, 90), (980, 466, 60)):
        sheet.box(x, y, wide, 5, GLINT, 2)
    sheet.box(566, 360, 70, 84, CREAM, 4)
    sheet.box(556, 350, 90, 16, INK, 4)
    sheet.box(588, 392, 28, 52, INK, 3)
    sheet.stroke([(636, 410), (690, 410), (690, 452)], INK, 14)
    table_panel(sheet, 150, 412, 330, 52)
    palm(sheet, 1104, 424, 210, -14)
    person(sheet, 84, 566, 196, SAFFRON_DEEP)
    return sheet
