"""What every page needs to draw its frame."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portevoix.people.models import Language, Person
from portevoix.people.roles import Ability

MEMBER_PLACES = (
    ("to_share", _("To share"), "megaphone"),
    ("my_results", _("My results"), "chart-no-axes-column"),
    ("me", _("Me"), "circle-user-round"),
)
STUDIO_PLACES = (
    ("overview", _("Overview"), "layout-dashboard", {Ability.SEE_FIGURES}),
    ("visitors", _("Visitors"), "footprints", {Ability.SEE_FIGURES}),
    ("line", _("Editorial line"), "feather", {Ability.EDIT_LINE}),
    ("library", _("Library"), "library", {Ability.WRITE_STORIES}),
    ("ambassadors", _("Ambassadors"), "users", {Ability.INVITE}),
    ("people", _("People"), "contact", {Ability.MANAGE_PEOPLE}),
    ("settings", _("Settings"), "settings", {Ability.ADMINISTER}),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Person, organisation, places to go, language, direction, theme."""
    person: Person | None = getattr(request, "person", None)
    language = translation.get_language() or "fr"
    return {
        "person": person,
        "organisation": person.organisation if person else None,
        "memberships": getattr(request, "memberships", []),
        "member_nav": _nav(request, [(key, label, icon) for key, label, icon in MEMBER_PLACES]),
        "studio_nav": _nav(request, _studio_places(person)),
        "language": language,
        "languages": Language.choices,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "theme": getattr(request.user, "theme", "") if hasattr(request, "user") else "",
        "demo": settings.DEMO,
    }


def _studio_places(person: Person | None) -> list[tuple[str, Any, str]]:
    if person is None:
        return []
    return [(key, label, icon) for key, label, icon, needs in STUDIO_PLACES if person.abilities & needs]


def first_place(person: Person | None) -> str:
    """The name of the page that the person comes in by: what they take part in, else what they work on."""
    places = _studio_places(person)
    return places[0][0] if person and places and not person.takes_part else "to_share"


def _nav(request: HttpRequest, places: list[tuple[str, Any, str]]) -> list[dict[str, Any]]:
    here = getattr(getattr(request, "resolver_match", None), "url_name", "") or ""
    return [
        {"key": key, "label": label, "url": reverse(key), "icon": icon, "current": _is_here(here, key)}
        for key, label, icon in places
    ]


# Which place of the menu a page belongs to, where its name does not say so.
_PLACE_OF = {
    "share_sheet": "to_share",
    "thanks": "to_share",
    "suggest": "to_share",
    "accounts": "me",
    "connect": "me",
    "confirm_account": "me",
    "my_hours": "me",
    "compose": "library",
    "review": "library",
    "sources": "library",
    "source": "library",
    "suggestions": "library",
    "story_results": "library",
    "company_page": "library",
    "exports": "overview",
    "join_link_open": "ambassadors",
    "audience": "line",
    "person": "people",
    "person_grant_role": "people",
    "team_create": "settings",
    "trail": "settings",
    "networks": "settings",
    "links": "settings",
    "site_add": "settings",
    "api_token_create": "settings",
    "network": "settings",
    "work": "settings",
    "audiences": "line",
}


def _is_here(here: str, key: str) -> bool:
    return _PLACE_OF.get(here, here) == key
