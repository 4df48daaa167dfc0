"""Who may open what: one line for each address of the product, by its name. `test_access_matrix` holds every view to it.

To add an address: one line in `ROUTES`, in the part of its audience.

    Route("story_results", "ines marc salma karim lea", sample_story)
          name             who                          kwargs (only when the address has arguments), built from the cast

- *who*: `ANYONE`, `LOGGED_IN` (any log-in), `MEMBERS` (everyone of Atlas), or the names of those of Atlas who may.
- the third word is a function `(cast, now) -> kwargs` that makes the object **of Atlas** the address is about. Otto, of
  another organisation, is given every role there is and must still get 404 for it, unless the address is for anyone.
- `posts=True` when the view answers POST only; `data` is then what is sent.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cast import Cast
from portevoix.people import tokens
from portevoix.people.actions import audiences, invitations, join_links
from portevoix.people.models import Invitation, JoinLink

Sample = Callable[[Cast, datetime], dict[str, Any]]
ANYONE, LOGGED_IN, MEMBERS = "anyone", "logged in", "members"
EVERYBODY = "ana noor chloe ines marc karim lea driss salma"
SHARERS = "ana noor chloe"
WRITERS = "chloe ines marc salma"
EDITORS = "ines marc salma"
READERS_OF_FIGURES = "ines marc salma karim lea"
EXPORTERS = "ines marc salma lea"
INVITERS = "marc driss salma"


@dataclass(frozen=True)
class Route:
    """What is expected of one address."""

    name: str
    who: str
    sample: Sample | None = None
    posts: bool = False
    data: dict[str, str] = field(default_factory=dict)


def sample_invitation(cast: Cast, now: datetime) -> Invitation:
    return invitations.invite_person(by=cast.marc, email="new@atlas.example", now=now)


def sample_join_link(cast: Cast, now: datetime) -> JoinLink:
    return join_links.open_join_link(by=cast.marc, now=now)


def invitation_token(cast: Cast, now: datetime) -> dict[str, Any]:
    return {"token": tokens.invitation_token(sample_invitation(cast, now))}


def invitation_code(cast: Cast, now: datetime) -> dict[str, Any]:
    return {"code": sample_invitation(cast, now).code}


def join_link_code(cast: Cast, now: datetime) -> dict[str, Any]:
    return {"code": sample_join_link(cast, now).code}


def join_token(cast: Cast, now: datetime) -> dict[str, Any]:
    asked = tokens.JoinRequest(sample_join_link(cast, now).code, "new@atlas.example", "New", "", "fr")
    return {"token": tokens.join_token(asked, now=now)}


def sign_in_token(cast: Cast, now: datetime) -> dict[str, Any]:
    return {"token": tokens.sign_in_token(cast.ana.account, now=now)}


def audience_code(cast: Cast, now: datetime) -> dict[str, Any]:
    made = audiences.create_audience(organisation=cast.atlas, name="Sales", rule={}, by=cast.ines, now=now)
    return {"code": made.code}


def ana_code(cast: Cast, now: datetime) -> dict[str, Any]:
    return {"code": cast.ana.code}


def sales_code(cast: Cast, now: datetime) -> dict[str, Any]:
    return {"code": cast.ana.team.code}  # type: ignore[union-attr]


def reset_key(cast: Cast, now: datetime) -> dict[str, Any]:
    return {"uidb36": "1", "key": "set-password"}


SIGN_IN = [
    Route("account_login", ANYONE),
    Route("account_logout", ANYONE),
    Route("account_inactive", ANYONE),
    Route("sign_in_link", ANYONE),
    Route("sign_in_by_link", ANYONE, sign_in_token),
    Route("account_change_password", LOGGED_IN),
    Route("account_set_password", LOGGED_IN),
    Route("account_reset_password", ANYONE),
    Route("account_reset_password_done", ANYONE),
    Route("account_reset_password_from_key", ANYONE, reset_key),
    Route("account_reset_password_from_key_done", ANYONE),
    Route("invitation", ANYONE, invitation_token),
    Route("join", ANYONE, join_link_code),
    Route("join_confirm", ANYONE, join_token),
    Route("no_organisation", LOGGED_IN),
    Route("switch_organisation", LOGGED_IN, posts=True),
]
PUBLIC = [
    Route("set_language", ANYONE, posts=True, data={"language": "fr"}),
    Route("privacy", ANYONE),
    Route("health", ANYONE),
]
ADMIN = [
    Route("people", "driss"),
    Route("person", "driss", ana_code),
    Route("person_grant_role", "driss", ana_code, posts=True),
    Route("person_revoke_role", "driss", ana_code, posts=True, data={"role": "ambassador"}),
    Route("person_deactivate", "driss", ana_code, posts=True),
    Route("person_reactivate", "driss", ana_code, posts=True),
    Route("settings", "driss"),
    Route("team_create", "driss", posts=True),
    Route("team_rename", "driss", sales_code, posts=True, data={"name": "Sales"}),
    Route("team_delete", "driss", sales_code, posts=True),
    Route("trail", "driss"),
]
STUDIO = [
    Route("ambassadors", INVITERS),
    Route("join_link_open", INVITERS, posts=True),
    Route("join_link_close", INVITERS, join_link_code, posts=True),
    Route("invitation_cancel", INVITERS, invitation_code, posts=True),
    Route("invitation_remind", INVITERS, invitation_code, posts=True),
    Route("audiences", EDITORS),
    Route("audience_count", EDITORS),
    Route("audience", EDITORS, audience_code),
    Route("audience_delete", EDITORS, audience_code, posts=True),
]
MEMBER: list[Route] = []
ROUTES = {route.name: route for route in [*SIGN_IN, *PUBLIC, *ADMIN, *STUDIO, *MEMBER]}
