"""Scenes of work: invoice, workshop, control room, team at a table, depot, cold store."""

from portevoix.demo.newsroom.canvas import (
    CREAM,
    GLINT,
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
    smooth,
    turned,
)
from portevoix.demo.newsroom.motifs import bolt, from_behind, panel, person, seated


def invoice() -> Canvas:
    """An electricity bill, a pencil, and the bolt that stamps it."""
    sheet = Canvas(STONE)
    sheet.box(0, 510, WIDTH, 120, SHADE)
    sheet.shape(turned([(392, 66), (760, 66), (760, 566), (392, 566)], (576, 316), -5), SAND)
    _bill(sheet)
    sheet.disc(846, 470, 104, INDIGO)
    bolt(sheet, 846, 470, 64, PAPER)
    _pencil(sheet)
    sheet.disc(214, 250, 58, SAFFRON)
    sheet.box(200, 304, 28, 40, INK, 6)
    for ray in range(-2, 3):
        sheet.stroke(turned([(214, 172), (214, 146)], (214, 250), ray * 42), SAFFRON, 8)
    return sheet


def _bill(sheet: Canvas) -> None:
    teeth = [(400 + 368 * i / 12, 570 - (18 if i % 2 else 0)) for i in range(12, -1, -1)]
    sheet.shape([(400, 54), (768, 54), *teeth], PAPER)
    sheet.box(444, 100, 130, 16, INK, 8)
    sheet.box(444, 136, 250, 12, SAND, 6)
    sheet.box(444, 162, 206, 12, SAND, 6)
    heights = (52, 66, 84, 118, 96, 74, 60)
    for index, high in enumerate(heights):
        sheet.box(446 + index * 40, 336 - high, 26, high, INDIGO if high < 118 else SAFFRON, 4)
    sheet.box(440, 340, 288, 4, INK)
    for row in range(3):
        sheet.box(444, 376 + row * 40, 150 - row * 22, 12, SAND, 6)
        sheet.box(668 - row * 6, 376 + row * 40, 60 + row * 6, 12, INK, 6)


def _pencil(sheet: Canvas) -> None:
    around = (1000, 300)
    shift = 66
    for points, fill in (
        (((986, 120), (1014, 120), (1014, 420), (986, 420)), SAFFRON),
        (((1000, 120), (1014, 120), (1014, 420), (1000, 420)), "#D99A22"),
        (((986, 420), (1014, 420), (1000, 468)), CREAM),
        (((995, 450), (1005, 450), (1000, 468)), INK),
        (((986, 96), (1014, 96), (1014, 124), (986, 124)), INK),
    ):
        sheet.shape([(x + shift, y - 10) for x, y in turned(points, around, 24)], fill)


def workshop() -> Canvas:
    """Apprentices around a practice roof one metre high."""
    sheet = Canvas(SKY_PALE)
    sheet.box(0, 500, WIDTH, 130, SAND)
    sheet.box(0, 500, WIDTH, 6, SAND_DEEP)
    for x in (60, 330, 600, 870):
        sheet.box(x, 70, 220, 170, SKY, 4)
        sheet.ridge([(x, 200), (x + 80, 160), (x + 150, 190), (x + 220, 170)], HILL, 240)
        sheet.box(x + 107, 70, 6, 170, PAPER)
        sheet.box(x, 152, 220, 6, PAPER)
    sheet.box(1106, 70, 60, 430, SHADE)
    for index in range(4):
        sheet.box(1092, 120 + index * 96, 108, 10, INK_SOFT)
        sheet.box(1112, 88 + index * 96, 34, 32, (INDIGO, SAFFRON, HILL_DARK, INDIGO)[index], 4)
        sheet.box(1154, 96 + index * 96, 24, 24, (SAND_DEEP, INK, CREAM, SAFFRON)[index], 4)
    for leg in (320, 470, 730, 880):
        sheet.stroke([(leg, 446), (leg, 560)], INK, 12)
    sheet.shape([(350, 318), (930, 318), (960, 452), (250, 452)], INK_SOFT)
    panel(sheet, ((372, 330), (700, 330), (690, 438), (312, 438)), 5, 2)
    sheet.shape([(250, 452), (960, 452), (960, 470), (250, 470)], INK)
    person(sheet, 170, 580, 260, INDIGO, SAFFRON)
    person(sheet, 1020, 580, 254, SAFFRON, PAPER)
    sheet.shape([(706, 392), (772, 380), (784, 428), (716, 440)], INDIGO_DEEP)
    sheet.box(0, 40, WIDTH, 22, INK)
    sheet.stroke([(816, 300), (830, 60)], SAFFRON, 5)
    person(sheet, 800, 440, 226, HILL_DARK, SAFFRON)
    return sheet


def control_room() -> Canvas:
    """Two people before a wall of curves, at night, a glass of tea between them."""
    sheet = Canvas("#26274A")
    sheet.box(0, 0, WIDTH, 500, INK)
    _big_screen(sheet)
    for x, curve in ((96, (60, 48, 70, 30, 44, 20)), (884, (20, 34, 26, 60, 50, 72))):
        sheet.box(x, 110, 220, 150, INK_SOFT, 8)
        sheet.box(x + 8, 118, 204, 134, "#26274A", 5)
        sheet.stroke(smooth([(x + 22 + i * 35, 236 - v) for i, v in enumerate(curve)]), GLINT, 5)
        for lamp in range(5):
            sheet.box(x + 16 + lamp * 40, 282, 26, 26, SAFFRON if lamp == 2 else INDIGO, 5)
    sheet.box(0, 470, WIDTH, 160, "#35366B")
    sheet.box(0, 470, WIDTH, 54, SAND)
    sheet.box(0, 470, WIDTH, 8, CREAM)
    for x in (120, 990):
        sheet.box(x, 436, 90, 36, INK_SOFT, 6)
    _tea(sheet, 610, 486)
    from_behind(sheet, 440, 560, 178, INDIGO, INK)
    from_behind(sheet, 770, 560, 170, HILL_DARK, "#7A5A2E")
    return sheet


def _tea(sheet: Canvas, x: float, table_top: float) -> None:
    sheet.shape(
        [(x - 24, table_top - 66), (x + 24, table_top - 66), (x + 17, table_top), (x - 17, table_top)],
        SAFFRON,
    )
    sheet.shape(
        [
            (x - 24, table_top - 66),
            (x + 24, table_top - 66),
            (x + 23, table_top - 54),
            (x - 23, table_top - 54),
        ],
        CREAM,
    )
    for puff in (x - 10, x + 10):
        rise = [
            (puff, table_top - 78),
            (puff - 7, table_top - 92),
            (puff + 5, table_top - 106),
            (puff - 2, table_top - 120),
        ]
        sheet.stroke(smooth(rise), GLINT, 4)


def _big_screen(sheet: Canvas) -> None:
    sheet.box(352, 40, 496, 400, INK_SOFT, 10)
    sheet.box(362, 50, 476, 380, "#2A2B57", 6)
    hills = [(362, 262), (450, 220), (560, 258), (680, 196), (838, 244)]
    sheet.ridge(hills, INDIGO_DEEP, 430)
    sheet.ridge([(362, 296), (520, 270), (700, 300), (838, 276)], INDIGO, 430)
    for x, y, fill in (
        (420, 250, SAFFRON),
        (500, 258, PAPER),
        (590, 240, PAPER),
        (660, 222, SAFFRON),
        (740, 250, PAPER),
        (790, 266, PAPER),
    ):
        sheet.disc(x, y, 8, fill)
    sheet.shape([(560, 116), (660, 116), (684, 138), (540, 138)], HILL_DARK)
    sheet.disc(590, 112, 28, HILL_DARK)
    sheet.disc(630, 106, 34, HILL_DARK)
    bolt(sheet, 612, 172, 30, SAFFRON)


def table() -> Canvas:
    """A team around a long table, a plan between them, the window behind."""
    sheet = Canvas(STONE)
    for x in (80, 462, 844):
        sheet.box(x, 60, 276, 210, SKY, 6)
        sheet.ridge([(x, 220), (x + 90, 170), (x + 180, 210), (x + 276, 180)], HILL, 270)
        sheet.box(x + 135, 60, 6, 210, PAPER)
    sheet.disc(936, 112, 32, SAFFRON)
    for x, coat, hair, cut in (
        (214, SAFFRON, INK, "bun"),
        (406, INDIGO, INK_SOFT, "short"),
        (600, HILL_DARK, INDIGO_DEEP, "scarf"),
        (794, PAPER, INK, "short"),
        (986, INDIGO_DEEP, "#7A5A2E", "long"),
    ):
        seated(sheet, x, 450, 168, coat, hair, cut)
    sheet.shape([(120, 430), (1080, 430), (1180, 540), (20, 540)], CREAM)
    sheet.box(20, 538, 1160, 18, SHADE)
    for leg in (110, 1060):
        sheet.box(leg, 556, 26, 80, INK)
    sheet.shape([(430, 446), (770, 446), (810, 524), (390, 524)], PAPER)
    panel(sheet, ((470, 456), (590, 456), (588, 490), (458, 490)), 4, 2)
    sheet.stroke([(620, 462), (740, 462)], SAND, 6)
    sheet.stroke([(620, 480), (712, 480)], SAND, 6)
    sheet.stroke([(450, 508), (750, 508)], SAND, 6)
    for x, y in ((300, 470), (870, 462)):
        sheet.box(x, y, 46, 40, INDIGO, 8)
        sheet.oval(x + 23, y + 3, 23, 8, INK)
    sheet.box(960, 476, 110, 10, INK, 5)
    sheet.box(180, 484, 96, 40, SAFFRON, 4)
    return sheet


def depot() -> Canvas:
    """Panels taken down, measured, and stacked for a second roof."""
    sheet = Canvas(SKY)
    sheet.disc(1030, 130, 60, SAFFRON)
    sheet.ridge([(0, 340), (320, 296), (700, 338), (1200, 280)], HILL)
    sheet.box(0, 490, WIDTH, 140, SAND)
    sheet.box(0, 490, WIDTH, 5, SAND_DEEP)
    sheet.shape([(60, 490), (60, 210), (300, 130), (540, 210), (540, 490)], CREAM)
    sheet.shape([(36, 218), (300, 122), (564, 218), (564, 240), (300, 146), (36, 240)], INK)
    sheet.box(150, 270, 300, 222, INK_SOFT, 4)
    for index in range(5):
        sheet.box(176 + index * 52, 308, 14, 182, INDIGO, 2)
        sheet.box(190 + index * 52, 308, 8, 182, GLINT, 2)
    for x, layers in ((610, 7), (790, 5)):
        _pallet(sheet, x, 552, layers)
    _measuring(sheet, 980, 552)
    person(sheet, 506, 590, 214, INDIGO, SAFFRON)
    person(sheet, 1146, 590, 214, SAFFRON, PAPER)
    return sheet


def _pallet(sheet: Canvas, x: float, ground: float, layers: int) -> None:
    sheet.box(x, ground - 14, 150, 12, SAND_DEEP)
    for foot in (0, 66, 132):
        sheet.box(x + foot, ground - 4, 18, 14, SAND_DEEP)
    for layer in range(layers):
        top = ground - 14 - (layer + 1) * 18
        sheet.box(x + 4, top, 142, 14, INDIGO if layer % 2 else INDIGO_DEEP, 3)
        sheet.box(x + 4, top + 14, 142, 4, SHADE)
    for strap in (36, 104):
        sheet.box(x + strap, ground - 14 - layers * 18, 7, layers * 18, SAFFRON)


def _measuring(sheet: Canvas, x: float, ground: float) -> None:
    for leg in (10, 96):
        sheet.stroke([(x + leg, ground - 90), (x + leg, ground)], INK, 9)
    panel(
        sheet,
        ((x + 10, ground - 220), (x + 120, ground - 220), (x + 106, ground - 96), (x - 4, ground - 96)),
        3,
        4,
    )


def cold_store() -> Canvas:
    """Three ways of keeping a midday hour: a battery, ice, and hot water."""
    sheet = Canvas(SKY_PALE)
    sheet.disc(600, 160, 80, SAFFRON)
    for ray in range(12):
        sheet.stroke(turned([(600, 62), (600, 38)], (600, 160), ray * 30), SAFFRON, 9)
    sheet.box(0, 520, WIDTH, 110, SAND)
    sheet.box(0, 520, WIDTH, 6, SAND_DEEP)
    for x in (236, 964):
        sheet.stroke(smooth([(600, 420), ((600 + x) / 2, 446), (x, 424)]), INK_SOFT, 7)
    _battery(sheet, 140, 520)
    _ice(sheet, 490, 520)
    _boiler(sheet, 868, 520)
    return sheet


def _battery(sheet: Canvas, x: float, ground: float) -> None:
    sheet.box(x + 66, ground - 276, 64, 26, INK, 6)
    sheet.box(x, ground - 256, 196, 256, INK, 18)
    for level in range(3):
        sheet.box(x + 20, ground - 76 - level * 76, 156, 58, (INDIGO, INDIGO, HILL_DARK)[level], 8)
    bolt(sheet, x + 98, ground - 124, 44, SAFFRON)


def _ice(sheet: Canvas, x: float, ground: float) -> None:
    sheet.shape(
        [(x, ground - 150), (x + 110, ground - 206), (x + 220, ground - 150), (x + 110, ground - 94)], PAPER
    )
    sheet.shape([(x, ground - 150), (x + 110, ground - 94), (x + 110, ground), (x, ground - 52)], HILL)
    sheet.shape(
        [(x + 220, ground - 150), (x + 110, ground - 94), (x + 110, ground), (x + 220, ground - 52)],
        HILL_DEEP,
    )
    sheet.stroke([(x + 26, ground - 120), (x + 26, ground - 76)], PAPER, 7)
    sheet.stroke([(x + 48, ground - 108), (x + 48, ground - 92)], PAPER, 7)


def _boiler(sheet: Canvas, x: float, ground: float) -> None:
    for leg in (34, 150):
        sheet.box(x + leg, ground - 30, 16, 30, INK)
    sheet.box(x, ground - 270, 200, 250, CREAM, 60)
    sheet.box(x + 130, ground - 262, 40, 234, STONE, 18)
    sheet.disc(x + 92, ground - 168, 42, INK)
    sheet.disc(x + 92, ground - 168, 34, PAPER)
    sheet.stroke([(x + 92, ground - 168), (x + 92, ground - 192)], INK, 5)
    sheet.stroke([(x + 92, ground - 168), (x + 110, ground - 158)], INDIGO, 5)
    sheet.box(x + 62, ground - 96, 60, 14, SAFFRON, 7)
