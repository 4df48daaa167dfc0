"""The form that asks for an export."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portevoix.analytics.models import Export
from portevoix.core import clock
from portevoix.web.exports import format_options
from portevoix.web.studio.periods import DayInput, is_too_old

A_DAY = timedelta(days=1)

KINDS = [(kind.value, kind.label) for kind in (Export.Kind.OVERVIEW, Export.Kind.DAILY, Export.Kind.STORIES)]
NOTES = {
    Export.Kind.OVERVIEW: _("by network, pillar and team, four weeks at a time"),
    Export.Kind.DAILY: _("with robots; by network once four weeks are over, where groups allow it"),
    Export.Kind.STORIES: _("those that came out in these days, and what each brought since"),
}


class ExportForm(forms.Form):
    """What to export, which days of it, in which format. The action refuses unknown formats, and days in disorder."""

    kind = forms.ChoiceField(
        label=_("What"), choices=KINDS, initial=Export.Kind.OVERVIEW, widget=forms.RadioSelect
    )
    format = forms.CharField(initial=Export.Format.CSV, required=False)
    since_on = forms.DateField(label=_("From"), widget=DayInput)
    until_on = forms.DateField(label=_("To"), widget=DayInput)

    def clean(self) -> dict[str, Any]:
        facts, today = super().clean() or {}, clock.now().date()
        if (since := facts.get("since_on")) and is_too_old(since, today):
            self.add_error("since_on", _("Figures go back twenty-five months at most."))
        if until := facts.get("until_on"):
            facts["until_on"] = min(
                until, today + A_DAY
            )  # nothing is known of days to come; somewhere it is tomorrow
        return facts

    @property
    def options(self) -> list[dict[str, Any]]:
        """What may be exported, for the `choice` component."""
        chosen = self["kind"].value()
        return [
            {"value": value, "label": label, "note": NOTES[Export.Kind(value)], "checked": value == chosen}
            for value, label in KINDS
        ]

    @property
    def formats(self) -> list[dict[str, Any]]:
        """The formats of files, for the `choice` component."""
        return format_options(self["format"].value())
