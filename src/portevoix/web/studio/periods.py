"""The choice of a period, by a plain form in the address: four weeks, twelve, since 1 January, or two dates."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portevoix.analytics.period import Period, last_weeks, this_year, today_in

FOUR_WEEKS, TWELVE_WEEKS, YEAR, DATES = "4w", "12w", "year", "dates"
CHOICES = (
    (FOUR_WEEKS, _("4 weeks")),
    (TWELVE_WEEKS, _("12 weeks")),
    (YEAR, _("Since 1 January")),
    (DATES, _("From one day to another")),
)
LONGEST_DAYS = 760  # clicks are kept for twenty-five months


def is_too_old(day: date, today: date) -> bool:
    """Whether nothing is kept of that day any more."""
    return (today - day).days > LONGEST_DAYS


class DayInput(forms.DateInput):
    """A day, by the browser's own calendar."""

    input_type = "date"

    def format_value(self, value: Any) -> str | None:
        return value.isoformat() if isinstance(value, date) else value


class PeriodForm(forms.Form):
    """Which days the figures are of; the days are read on the organisation's own clock."""

    period = forms.ChoiceField(label=_("Period"), choices=CHOICES, required=False)
    since = forms.DateField(label=_("From"), widget=DayInput, required=False)
    until = forms.DateField(label=_("To"), widget=DayInput, required=False)

    def __init__(self, query: QueryDict, *, now: datetime, zone: str) -> None:
        asked = query.dict() if query.get("period") in dict(CHOICES) else {"period": TWELVE_WEEKS}
        super().__init__(asked, auto_id="period-%s", use_required_attribute=False)
        self.now, self.zone = now, zone
        for name in ("since", "until"):
            self.fields[name].widget.attrs["max"] = today_in(zone, now).isoformat()

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("period") == DATES:
            self._check_dates(facts.get("since"), facts.get("until"))
        # They are shown with that choice alone, which needs both: calling them optional would mislead.
        self.fields["since"].required = self.fields["until"].required = True
        return facts

    def _check_dates(self, since: date | None, until: date | None) -> None:
        for name, day in (("since", since), ("until", until)):
            if day is None and not self.has_error(name):
                self.add_error(name, _("Choose a day."))
        if since and until and until < since:
            self.add_error("until", _("The period ends before it begins."))
        elif (since and until and (until - since).days > LONGEST_DAYS) or (
            since and is_too_old(since, self.today)
        ):
            self.add_error("since", _("Figures go back twenty-five months at most."))

    @property
    def today(self) -> date:
        return today_in(self.zone, self.now)

    @property
    def chosen(self) -> str:
        """The choice in force: twelve weeks when none, or no readable one, was made."""
        return str(self.cleaned_data["period"]) if self.is_valid() else TWELVE_WEEKS

    @property
    def result(self) -> Period:
        """The period that was chosen."""
        when: dict[str, Any] = {"now": self.now, "zone": self.zone}
        if self.chosen == DATES:
            since, until = (min(self.cleaned_data[name], self.today) for name in ("since", "until"))
            return Period(since, until, self.zone)  # nothing is known of days to come
        if self.chosen == YEAR:
            return this_year(**when)
        return last_weeks(4 if self.chosen == FOUR_WEEKS else 12, **when)

    @property
    def options(self) -> list[dict[str, Any]]:
        """The choices, for the `choice` component."""
        asked = self.data.get("period")
        return [{"value": value, "label": label, "checked": value == asked} for value, label in CHOICES]

    @property
    def query(self) -> dict[str, str]:
        """The period as it stands in an address."""
        return {"since": self.result.since.isoformat(), "until": self.result.until.isoformat()}
