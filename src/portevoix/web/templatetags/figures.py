"""Geometry of our small charts, in strings that no locale rewrites. Pure: nothing is read from anywhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import get_language_bidi

register = template.Library()

HEADROOM = 22  # px above the tallest bar, for its figure
LABELS = 26  # px under the base line
FILL = 0.66  # of the step that a bar takes


@dataclass(frozen=True)
class Bar:
    """One bar, placed: percentages across, pixels down."""

    label: str
    tick: str
    value: Any
    x: str
    width: str
    y: int
    height: int
    middle: str
    start: str
    value_y: int
    shows_value: bool
    look: str


@dataclass(frozen=True)
class Chart:
    """What `chart.html` draws."""

    bars: list[Bar]
    height: int
    base: int
    label_y: int
    has_current: bool


def percent(share: float) -> str:
    return f"{max(share, 0) * 100:.2f}%"


@register.simple_tag
def share_of(value: float, whole: float) -> str:
    """`value` as a percentage of `whole`, between 0 and 100, for an SVG attribute; an empty whole gives 0."""
    return percent(min(max(float(value or 0) / float(whole), 0), 1)) if whole else "0%"


@register.simple_tag
def bar_chart(bars: Sequence[Mapping[str, Any]], height: int = 140, all_values: bool = False) -> Chart:
    """Places the bars of a chart `height` pixels high; time runs from right to left in Arabic.

    A bar is `{label, value}` with, if need be, `tick` (what is written under it; nothing by default unless every
    value is shown), `current` (hatched) and `ending` (dashed). Only the highest figure is written, or all of them.
    """
    values = [float(bar["value"] or 0) for bar in bars]
    peak = max(values, default=0)
    drawn = height - HEADROOM
    placed = [
        _place(
            bar,
            index,
            len(bars),
            peak,
            drawn,
            all_values or (peak > 0 and index == values.index(peak)),
            all_values,
        )
        for index, bar in enumerate(bars)
    ]
    has_current = any(bar.get("current") for bar in bars)
    return Chart(placed, height + LABELS, height, height + 18, has_current)


def _place(
    bar: Mapping[str, Any],
    index: int,
    count: int,
    peak: float,
    drawn: int,
    shows_value: bool,
    all_ticks: bool,
) -> Bar:
    step = 1 / count
    # The first bar starts at the edge and the last one ends there.
    width = step * FILL if count > 1 else FILL
    offset = index * (1 - width) / max(count - 1, 1)
    is_rtl = get_language_bidi()
    x = 1 - offset - width if is_rtl else offset
    value = float(bar["value"] or 0)
    high = round(drawn * value / peak) if peak else 0
    high = max(high, 2) if value else 0
    return Bar(
        label=str(bar["label"]),
        tick=str(bar.get("tick", bar["label"] if all_ticks else "")),
        value=bar["value"],
        x=percent(x),
        width=percent(width),
        y=HEADROOM + drawn - high,
        height=high,
        middle=percent(x + width / 2),
        start=percent(x + width if is_rtl else x),
        value_y=HEADROOM + drawn - high - 7,
        shows_value=shows_value,
        look="current" if bar.get("current") else "ending" if bar.get("ending") else "past",
    )
