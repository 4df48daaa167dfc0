"""What the page *Visitors* draws: bars of reach, the week by hours, parts of the visits. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale
from babel.dates import get_day_names
from django.utils.translation import gettext as _

from portevoix.analytics.audience import AudienceFigures, Overlap, Part, Reach
from portevoix.analytics.intervals import Interval
from portevoix.core.spoken import locale_name
from portevoix.web.charts import people
from portevoix.web.countries import country_name
from portevoix.web.studio.reasons import reason_words
from portevoix.web.studio.visitor_words import about, between, either, hour_words
from portevoix.web.templatetags.words import number

HOURS_A_CELL = 2
SHADES = 5
MOST_PAIRS = 3
MOST_PARTS = 5


@dataclass(frozen=True)
class ReachRow:
    """A crowd as a bar: how many it reached, and how many of them alone."""

    name: str
    visitors: int
    most: int  # of all the rows: the whole of the bar
    alone: float
    figure: str
    bounds: str
    alone_figure: str
    alone_bounds: str


def reach_rows(reached: Sequence[Reach], others: str) -> list[ReachRow]:
    """Most reached first, the others last."""
    rows = sorted(reached, key=lambda one: (not one.crowd.name, -one.visitors.high))
    most = max((one.visitors.high for one in rows), default=0)
    return [_reach_row(one, others, most) for one in rows if one.visitors]


def _reach_row(one: Reach, others: str, most: int) -> ReachRow:
    interval = one.visitors.interval
    return ReachRow(
        name=one.crowd.name or others,
        visitors=one.visitors.high,
        most=most,
        alone=one.alone.estimate if one.is_told_from_none and one.alone else 0,
        figure=about(interval) if interval else people(one.visitors),
        bounds=between(interval) if interval else "",
        alone_figure=_or_none(one.alone),
        alone_bounds=between(one.alone) if one.alone and one.is_told_from_none else "",
    )


def _or_none(interval: Interval | None) -> str:
    if interval is None:
        return ""
    if interval.high == 0:
        return _("nobody")
    return _("not told apart from none") if interval.holds(0) else about(interval)


def overlap_rows(pairs: Sequence[Overlap], others: str) -> list[dict[str, Any]]:
    """The pairs that have most in common: their names, and how many people both reached. None, if none surely have."""
    if not any(one.is_told_from_none for one in pairs):
        return []
    return [
        {
            "name": either(one.first.name or others, one.second.name or others),
            "figure": _or_none(one.both),
            "bounds": between(one.both) if one.is_told_from_none else "",
            "is_told": one.is_told_from_none,
        }
        for one in pairs[:MOST_PAIRS]
    ]


def heat(hours: Sequence[Sequence[int]]) -> dict[str, Any]:
    """The week as a table: a row a day, a cell for two hours with its visits and its shade, 0 (none) to 5 (most)."""
    days = [[sum(day[at : at + HOURS_A_CELL]) for at in range(0, 24, HOURS_A_CELL)] for day in hours]
    most = max((visits for day in days for visits in day), default=0)
    names = {width: get_day_names(width, locale=locale_name()) for width in ("abbreviated", "wide")}
    return {
        "heads": [hour_words(at) for at in range(0, 24, HOURS_A_CELL)],
        "days": [
            {
                "name": _name(index, names["wide"]),
                "short": names["abbreviated"][index],
                "cells": [{"visits": visits, "shade": _shade(visits, most)} for visits in day],
            }
            for index, day in enumerate(days)
        ],
        "most": most,
    }


def _shade(visits: int, most: int) -> int:
    return -(-visits * SHADES // most) if visits else 0


def part_lists(seen: AudienceFigures) -> list[dict[str, Any]]:
    """Devices, languages and countries, each as bars of visits."""
    languages = Locale.parse(locale_name()).languages
    devices = {
        "phone": _("Telephone"),
        "tablet": _("Tablet"),
        "desktop": _("Computer"),
        "other": _("Not known"),
    }
    return [
        _part_list(_("By device"), seen.devices, devices, devices["other"]),
        _part_list(
            _("By language of the browser"), seen.languages, languages, _("Other or unknown languages")
        ),
        _part_list(
            _("By country of those who shared"),
            seen.countries,
            {part.key: country_name(part.key) for part in seen.countries if part.key},
            _("Other countries"),
        ),
    ]


def _part_list(title: str, parts: Sequence[Part], names: Any, others: str) -> dict[str, Any]:
    shown = [one for one in parts if one.key][:MOST_PARTS]
    rest = sum(one.visits for one in parts) - sum(one.visits for one in shown)
    rows = [{"name": _name(one.key, names), "visits": one.visits} for one in shown]
    if rest:
        rows.append({"name": others, "visits": rest})
    return {"title": title, "rows": rows, "whole": sum(one.visits for one in parts)}


def _name(key: Any, names: Any) -> str:
    name = str(names.get(key, key))
    return name[:1].upper() + name[1:]


def uncounted_rows(seen: AudienceFigures) -> list[dict[str, str]]:
    """What is in no figure: how many, and why."""
    rows = [(_("came again within half an hour"), seen.repeats)] if seen.repeats else []
    rows += [(reason_words(one.reason), one.clicks) for one in (*seen.previews, *seen.robots)]
    return [{"reason": reason, "figure": number(clicks)} for reason, clicks in sorted(rows, key=_most)]


def _most(row: tuple[str, int]) -> int:
    return -row[1]
