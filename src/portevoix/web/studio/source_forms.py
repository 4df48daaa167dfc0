"""Forms of sources."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portevoix.editorial.queries import pillars
from portevoix.library.models import Source
from portevoix.people.queries import audiences


class SourceForm(forms.Form):
    """A feed to follow, what becomes of its entries, and how much it may bring."""

    address = forms.CharField(
        label=_("Address of the feed"),
        help_text=_("RSS or Atom. It is read at once, then every half hour."),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "url", "placeholder": "https://"}),
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=120)
    mode = forms.ChoiceField(label=_("What becomes of its stories"), choices=Source.Mode.choices)
    pillar = forms.ChoiceField(label=_("Pillar"), required=False)
    audience = forms.ChoiceField(label=_("Audience"), required=False)
    new_per_day_limit = forms.IntegerField(
        label=_("New stories a day, at most"), initial=3, min_value=1, max_value=100
    )
    active_limit = forms.IntegerField(
        label=_("Active stories, at most"), initial=10, min_value=1, max_value=100
    )

    def __init__(self, *arguments: Any, source: Source | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._pillars = {row.code: row for row in pillars()}
        self._audiences = {row.code: row for row in audiences()}
        self.fields["pillar"].choices = [  # type: ignore[attr-defined]
            ("", _("No pillar")),
            *((code, str(row)) for code, row in self._pillars.items()),
        ]
        self.fields["audience"].choices = [  # type: ignore[attr-defined]
            ("", _("Everyone")),
            *((code, row.name) for code, row in self._audiences.items()),
        ]
        if source:
            self.initial.update(_facts_of(source))

    @property
    def facts(self) -> dict[str, Any]:
        """What the actions take."""
        data = self.cleaned_data
        return {
            **data,
            "pillar": self._pillars.get(data["pillar"]),
            "audience": self._audiences.get(data["audience"]),
        }


def _facts_of(source: Source) -> dict[str, Any]:
    names = ("address", "name", "mode", "new_per_day_limit", "active_limit")
    return {
        **{name: getattr(source, name) for name in names},
        "pillar": source.pillar.code if source.pillar else "",
        "audience": source.audience.code if source.audience else "",
    }
