"""The colours of the two themes, read from the source of the style sheet: every pair can be read by everyone."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "assets" / "css"
TEXT = 4.5
SHAPE = 3.0

TEXT_PAIRS = [
    ("--color-base-content", "--color-base-100"),
    ("--color-base-content", "--color-base-200"),
    ("--color-base-content", "--color-base-300"),
    ("--color-primary-content", "--color-primary"),
    ("--color-secondary-content", "--color-secondary"),
    ("--color-accent-content", "--color-accent"),
    ("--color-neutral-content", "--color-neutral"),
    ("--color-info-content", "--color-info"),
    ("--color-success-content", "--color-success"),
    ("--color-warning-content", "--color-warning"),
    ("--color-error-content", "--color-error"),
    *[("--ink", ground) for ground in ("--page", "--surface", "--well", "--track", "--tint", "--band")],
    *[("--ink", ground) for ground in ("--saffron-ground", "--danger-ground", "--mint-ground")],
    *[("--soft", ground) for ground in ("--page", "--surface", "--well", "--track", "--tint")],
    *[("--soft", ground) for ground in ("--saffron-ground", "--danger-ground", "--mint-ground")],
    *[("--color-primary", ground) for ground in ("--page", "--surface", "--well", "--tint")],
    *[("--color-success", ground) for ground in ("--page", "--surface", "--mint-ground")],
    *[("--color-error", ground) for ground in ("--page", "--surface", "--danger-ground")],
    ("--saffron-text", "--saffron-ground"),
    ("--saffron-text", "--surface"),
    ("--page", "--ink"),
]
SHAPE_PAIRS = [
    *[("--edge", ground) for ground in ("--page", "--surface")],
    *[("--color-primary", ground) for ground in ("--page", "--surface", "--track", "--tint")],
    *[("--color-success", ground) for ground in ("--page", "--surface")],
    *[("--color-error", ground) for ground in ("--page", "--surface")],
    ("--ink", "--track"),
]


def _themes() -> dict[str, dict[str, str]]:
    source = (CSS / "theme.css").read_text()
    blocks = re.findall(r'@plugin "daisyui/theme" \{\s*name: "(\w+)";(.*?)\n\}', source, re.DOTALL)
    return {name: dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", block)) for name, block in blocks}


THEMES = _themes()


def _luminance(colour: str) -> float:
    channels = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    ratios = [contrast("#000000", "#ffffff"), round(contrast("#777777", "#ffffff"), 2)]

    assert ratios == [21.0, 4.48]


def test_themes_define_the_same_tokens() -> None:
    names = {name: sorted(tokens) for name, tokens in THEMES.items()}

    assert names["light"] == names["dark"]
    assert set(names) == {"light", "dark"}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), TEXT_PAIRS)
def test_words_can_be_read_on_their_ground(theme: str, words: str, ground: str) -> None:
    tokens = THEMES[theme]

    assert contrast(tokens[words], tokens[ground]) >= TEXT


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_shapes_can_be_told_from_their_ground(theme: str, shape: str, ground: str) -> None:
    tokens = THEMES[theme]

    assert contrast(tokens[shape], tokens[ground]) >= SHAPE


def test_every_colour_of_words_is_among_the_pairs() -> None:
    paired = {name for pair in [*TEXT_PAIRS, *SHAPE_PAIRS] for name in pair}
    only_drawn = {"--line", "--tint-line", "--saffron-line"}

    assert set(THEMES["light"]) - paired == only_drawn


def test_sides_are_never_named_left_or_right() -> None:
    sides = re.compile(
        r"(?:margin|padding|border)-(?:left|right)|text-align: (?:left|right)|^\s+(?:left|right):", re.M
    )

    found = {path.name: sides.findall(path.read_text()) for path in CSS.glob("*.css")}

    assert found == {path.name: [] for path in CSS.glob("*.css")}
