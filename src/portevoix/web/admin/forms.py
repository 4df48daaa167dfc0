"""Forms of those who administer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portevoix.core import clock
from portevoix.people import queries
from portevoix.people.models import Language, Organisation, Person, VisitorPeriod
from portevoix.people.roles import Role
from portevoix.web.countries import country_choices

ZONES = [(name, name) for name in clock.zone_names() if "/" in name and not name.startswith("Etc/")]


def team_choices(none_label: Any) -> list[tuple[str, Any]]:
    """The teams of the organisation, after a choice that means none."""
    return [("", none_label), *((team.code, team.name) for team in queries.teams())]


class SearchForm(forms.Form):
    """What the list of people is narrowed by."""

    words = forms.CharField(label=_("Name or address"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["team"].choices = team_choices(_("All teams"))  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", _("All roles")), *Role.choices]  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    """Who a person is."""

    given_name = forms.CharField(label=_("Given name"), max_length=80)
    family_name = forms.CharField(label=_("Family name"), max_length=80, required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["team"].choices = team_choices(_("No team"))  # type: ignore[attr-defined]
        self.fields["country"].choices = [("", "–"), *country_choices()]  # type: ignore[attr-defined]


def of_person(person: Person) -> dict[str, Any]:
    """What the person's form starts from."""
    names = ("given_name", "family_name", "country", "language", "time_zone")
    return {
        **{name: getattr(person, name) for name in names},
        "team": person.team.code if person.team else "",
    }


class RoleForm(forms.Form):
    """A role to give, and its last day."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("A consultant’s mandate needs one."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class OrganisationForm(forms.Form):
    """What the organisation is, and the limits it sets."""

    name = forms.CharField(label=_("Name"), max_length=120)
    website = forms.CharField(
        label=_("Website"),
        widget=forms.URLInput(),
        help_text=_("Visitors of a story that has ended land there."),
    )
    mail_domains = forms.CharField(
        label=_("Mail domains"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr"}),
        help_text=_("One a line. Whoever has an address there may use a join link."),
    )
    language = forms.ChoiceField(label=_("Language by default"), choices=Language.choices)
    time_zone = forms.ChoiceField(label=_("Time zone by default"), choices=ZONES)
    shares_per_day = forms.IntegerField(
        label=_("Shares a day, for each account"), help_text=_("From 1 to 5; 2 is a good measure.")
    )
    story_days = forms.IntegerField(label=_("Life of a story, in days"))
    active_story_limit = forms.IntegerField(label=_("Stories open at the same time, at most"))
    visitor_period = forms.ChoiceField(
        label=_("A visitor is recognised for"),
        choices=VisitorPeriod.choices,
        help_text=_(
            "Then the key that recognised them is destroyed, and the same person counts again. Shorter protects visitors "
            "better; longer keeps unique visitors exact over more days. A shorter choice begins tonight, or next month; "
            "a longer one when the running period is over."
        ),
    )

    def clean_mail_domains(self) -> list[str]:
        return str(self.cleaned_data["mail_domains"]).replace(",", " ").split()


def of_organisation(organisation: Organisation) -> dict[str, Any]:
    """What the organisation's form starts from."""
    names = (
        "name", "website", "language", "time_zone", "shares_per_day", "story_days", "active_story_limit",
        "visitor_period",
    )  # fmt: skip
    facts = {name: getattr(organisation, name) for name in names}
    return {**facts, "mail_domains": "\n".join(organisation.mail_domains)}


class TeamForm(forms.Form):
    """A team's name."""

    name = forms.CharField(label=_("Name of the team"), max_length=120)
