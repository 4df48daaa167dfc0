"""The form that asks for an export."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portevoix.analytics.models import Export
from portevoix.web.studio.periods import DayInput

KINDS = [(kind.value, kind.label) for kind in (Export.Kind.OVERVIEW, Export.Kind.STORIES)]


class ExportForm(forms.Form):
    """What to export, and which days of it. The action refuses days in the wrong order."""

    kind = forms.ChoiceField(
        label=_("What"), choices=KINDS, initial=Export.Kind.OVERVIEW, widget=forms.RadioSelect
    )
    since_on = forms.DateField(label=_("From"), widget=DayInput)
    until_on = forms.DateField(label=_("To"), widget=DayInput)

    @property
    def options(self) -> list[dict[str, Any]]:
        """What may be exported, for the `choice` component."""
        chosen = self["kind"].value()
        return [{"value": value, "label": label, "checked": value == chosen} for value, label in KINDS]
