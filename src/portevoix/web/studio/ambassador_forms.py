"""Forms of the pages about ambassadors and audiences."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portevoix.people import queries
from portevoix.people.models import Language, Person
from portevoix.people.roles import Role, roles_given_by
from portevoix.web.countries import country_name

ADDRESSES_AT_ONCE = 100


def _teams(none_label: Any) -> list[tuple[str, Any]]:
    return [("", none_label), *((team.code, team.name) for team in queries.teams())]


class InviteForm(forms.Form):
    """Addresses to invite, and as what."""

    emails = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_("Several at once: one a line, or separated by commas."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), initial=Role.AMBASSADOR)
    role_ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("A consultant’s mandate needs one."),
    )
    team = forms.ChoiceField(label=_("Team"), required=False)
    language = forms.ChoiceField(label=_("Language of the letter"), choices=Language.choices)

    def __init__(self, by: Person, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        given = roles_given_by(by.roles)
        self.fields["role"].choices = [(role, Role(role).label) for role in given]  # type: ignore[attr-defined]
        self.fields["team"].choices = _teams(_("No team"))  # type: ignore[attr-defined]
        self.fields["language"].initial = by.organisation.language
        if Role.CONSULTANT not in given:
            del self.fields["role_ends_on"]

    def clean_emails(self) -> list[str]:
        found = list(_addresses(self.cleaned_data["emails"]))
        if len(found) > ADDRESSES_AT_ONCE:
            raise forms.ValidationError(
                _("At most %(count)s addresses at once."), params={"count": ADDRESSES_AT_ONCE}
            )
        return found


def _addresses(text: str) -> Iterable[str]:
    """Each address once, in the order typed."""
    return dict.fromkeys(part.lower() for part in re.split(r"[\s,;]+", text) if part)


class JoinLinkForm(forms.Form):
    """The team that those who join by the link belong to."""

    team = forms.ChoiceField(label=_("Team of those who join by it"), required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["team"].choices = _teams(_("No team"))  # type: ignore[attr-defined]


class AudienceForm(forms.Form):
    """A name, and whom the rule admits. The boxes are drawn by the page: `groups`."""

    name = forms.CharField(label=_("Name"), max_length=120)
    teams = forms.MultipleChoiceField(label=_("Teams"), required=False)
    countries = forms.MultipleChoiceField(label=_("Countries"), required=False)
    languages = forms.MultipleChoiceField(label=_("Languages"), required=False, choices=Language.choices)
    roles = forms.MultipleChoiceField(label=_("Roles"), required=False, choices=Role.choices)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        teams = [(team.code, team.name) for team in queries.teams()]
        self.fields["teams"].choices = teams  # type: ignore[attr-defined]
        self.fields["countries"].choices = _countries()  # type: ignore[attr-defined]

    @property
    def rule(self) -> dict[str, list[str]]:
        """The rule as typed; only known values of the form pass."""
        return {key: list(self.cleaned_data[key]) for key in RULE_KEYS if self.cleaned_data.get(key)}

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The boxes, for the picker."""
        return [self._group(key) for key in RULE_KEYS if self.fields[key].choices]  # type: ignore[attr-defined]

    def _group(self, key: str) -> dict[str, Any]:
        chosen = self[key].value() or []
        choices = self.fields[key].choices  # type: ignore[attr-defined]
        options = [{"value": value, "label": label, "checked": value in chosen} for value, label in choices]
        return {"label": self.fields[key].label, "name": key, "options": options}


def _countries() -> list[tuple[str, str]]:
    return [(code, country_name(code)) for code in queries.countries()]


RULE_KEYS = ("teams", "countries", "languages", "roles")
