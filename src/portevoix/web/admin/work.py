"""What is done later: what waits, runs and failed, who does it, and another try where that is safe."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portevoix.analytics.lateness import lateness
from portevoix.core import clock
from portevoix.core import work as rows
from portevoix.core.engines import signs
from portevoix.core.errors import NotFound, Sentence
from portevoix.core.models import Turn
from portevoix.core.work import RowWork, Standing, WorkRow
from portevoix.links.queries import lost_clicks
from portevoix.people.actions.work import retry_work
from portevoix.people.roles import Ability
from portevoix.web.access import PageRequest, able
from portevoix.web.admin.work_words import ROWS, SWEEPS

SHOWN = 20


@dataclass(frozen=True)
class Kind:
    """One kind of row on the page."""

    name: Sentence
    standing: Standing
    failed: list[WorkRow]


@dataclass(frozen=True)
class Look:
    """One recurring look on the page."""

    name: Sentence
    turn: Turn


@able(Ability.ADMINISTER)
def work(request: PageRequest) -> HttpResponse:
    """The page, of this organisation's rows; the looks, the workers and lost clicks are the installation's."""
    now = clock.now()
    kinds = [_kind(one, now) for one in rows.row_works()]
    context: dict[str, Any] = {
        "kinds": kinds,
        "failed": [kind for kind in kinds if kind.failed],
        "looks": _looks(),
        "workers": signs.alive(now),
        "lost_clicks": lost_clicks(),
        "lateness": lateness(now),
        "headings": [
            {"label": _("Kind")},
            {"label": _("Waiting"), "number": True},
            {"label": _("Running"), "number": True},
            {"label": _("Failed"), "number": True},
            {"label": _("Late since")},
        ],
        "look_headings": [
            {"label": _("Look")},
            {"label": _("Last")},
            {"label": _("Next look")},
            {"label": _("Reason")},
        ],
    }
    return render(request, "admin/work.html", context)


@require_POST
@able(Ability.ADMINISTER)
def retry(request: PageRequest) -> HttpResponse:
    """Has one row that failed tried again."""
    kind = _kind_of(request.POST.get("kind", ""))
    row = _rows(kind).filter(code=request.POST.get("row", "")[:40]).first()
    if row is None:
        raise NotFound("row")
    retry_work(kind=kind, row=row, by=request.person, now=clock.now())
    messages.success(request, _("It is tried again in a moment."))
    return redirect("work")


def _looks() -> list[Look]:
    """The recurring looks in the order of the schedule; one that each machine takes for itself, once for each."""
    order = {one.key: number for number, one in enumerate(rows.sweeps())}
    turns = [(turn.key.partition("@")[0], turn) for turn in Turn.objects.order_by("key")]
    known = [(key, turn) for key, turn in turns if key in order]
    return [Look(SWEEPS[key], turn) for key, turn in sorted(known, key=lambda one: order[one[0]])]


def _kind(one: RowWork, now: datetime) -> Kind:
    mine = _rows(one)
    return Kind(ROWS[one.key], rows.standing(one, mine, now), list(rows.failed_rows(mine, SHOWN)))


def _kind_of(key: str) -> RowWork:
    found = next((one for one in rows.row_works() if one.key == key), None)
    if found is None:
        raise NotFound("kind")
    return found


def _rows(one: RowWork) -> "QuerySet[Any]":
    """The organisation's own rows of that kind."""
    mine: QuerySet[Any] = one.model.objects.all()  # type: ignore[attr-defined]  # a tenant's: its manager is scoped
    return mine
