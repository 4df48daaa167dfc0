"""My hours: the moments of the week at which what I plan goes out."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext

from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.people.roles import Ability
from portevoix.sharing import queries
from portevoix.sharing.actions.hours import MOST_HOURS, choose_hours
from portevoix.sharing.hours import Slot
from portevoix.web.access import PageRequest, able

EMPTY_ROWS = 1
DAYS = frozenset(map(str, range(7)))


@able(Ability.SHARE)
def my_hours(request: PageRequest) -> HttpResponse:
    """The person's hours, and the form that changes them."""
    if request.method != "POST":
        return _page(request, list(queries.slots_of(request.person)))
    slots, is_readable = _typed(request)
    try:
        if not is_readable:
            raise Refusal("bad_hour", gettext("Write each hour as 8:30, with its day."), field="hours")
        choose_hours(person=request.person, slots=slots, now=clock.now())
    except Refusal as refusal:
        return _page(request, slots, refusal)
    kept = gettext("Your hours are kept. What you planned already stays where it is.")
    ours = gettext("You have no hours of your own any more: the two that we propose are back.")
    messages.success(request, kept if slots else ours)
    return redirect("my_hours")


def _typed(request: PageRequest) -> tuple[list[Slot], bool]:
    """The hours of the form, rows without a time left out; and whether each could be read."""
    days, times = request.POST.getlist("day"), request.POST.getlist("time")
    slots, is_readable = [], len(days) == len(times)
    for day, time in zip(days, times, strict=False):
        if not time.strip():
            continue
        hour, _colon, minute = time.partition(":")
        if day in DAYS and _is_below(hour, 24) and _is_below(minute, 60):
            slots.append(Slot(int(day), int(hour) * 60 + int(minute)))
        else:
            is_readable = False
    return slots, is_readable


def _is_below(digits: str, end: int) -> bool:
    return len(digits) <= 2 and digits.isdecimal() and int(digits) < end


def _page(request: PageRequest, slots: list[Slot], refusal: Refusal | None = None) -> HttpResponse:
    empty = [None] * min(EMPTY_ROWS, MOST_HOURS - len(slots))
    context: dict[str, Any] = {
        "rows": [
            {"day": slot.weekday if slot else 1, "time": f"{slot.at:%H:%M}" if slot else ""}
            for slot in [*slots, *empty]
        ],
        "days": list(WEEKDAYS.items()),
        "is_own": queries.has_own_hours(request.person),
        "refusal": refusal,
    }
    return render(request, "member/hours.html", context, status=422 if refusal else 200)
