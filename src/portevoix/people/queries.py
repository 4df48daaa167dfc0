"""Reads about who is here. Objects reach a page only through a `get_…_for`, which answers absent and forbidden alike."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from portevoix.core import clock
from portevoix.core.errors import NotFound
from portevoix.people.models import (
    Account,
    ApiToken,
    Audience,
    Invitation,
    JoinLink,
    Participation,
    Person,
    RoleGrant,
    Team,
    TrailEntry,
)
from portevoix.people.roles import Ability
from portevoix.people.rules import Group, shown_groups


def memberships_of(account: Account) -> list[Person]:
    """The account's persons in every organisation where they are active, by name of the organisation."""
    grants = Prefetch("grants", queryset=RoleGrant.unscoped.all())
    persons = Person.unscoped.filter(account=account, is_active=True)
    rows: QuerySet[Person] = persons.select_related("organisation", "team", "account").prefetch_related(
        grants
    )
    return list(rows.order_by("organisation__name"))


def choose_membership(memberships: list[Person], organisation_code: str | None) -> Person | None:
    """The membership of that organisation; else the first; None when there is none."""
    chosen = [person for person in memberships if person.organisation.code == organisation_code]
    return next(iter(chosen or memberships), None)


def get_person_for(person: Person, code: str) -> Person:
    """A person of the same organisation, for those who manage people."""
    found = people_of(person).filter(code=code).first() if person.may(Ability.MANAGE_PEOPLE) else None
    if found is None:
        raise NotFound("person")
    return found


def people_of(person: Person) -> QuerySet[Person]:
    """Everyone of the person's organisation, with their team, log-in and roles."""
    rows: QuerySet[Person] = Person.objects.select_related("team", "account", "organisation")
    return rows.prefetch_related("grants").order_by("given_name", "family_name")


def teams() -> QuerySet[Team]:
    """The teams of the organisation in force, by name."""
    rows: QuerySet[Team] = Team.objects.order_by("name")
    return rows


def audiences() -> QuerySet[Audience]:
    """The audiences of the organisation in force, by name."""
    rows: QuerySet[Audience] = Audience.objects.order_by("name")
    return rows


def get_audience_for(person: Person, code: str) -> Audience:
    """An audience of the organisation, for those who write stories."""
    found: Audience | None = (
        Audience.objects.filter(code=code).first() if person.may(Ability.WRITE_STORIES) else None
    )
    if found is None:
        raise NotFound("audience")
    return found


def api_tokens() -> QuerySet[ApiToken]:
    """The tokens of the organisation in force that are not revoked, the newest first."""
    rows: QuerySet[ApiToken] = ApiToken.objects.filter(revoked_at=None).order_by("-created_at")
    return rows


def get_api_token_for(person: Person, code: str) -> ApiToken:
    """A token of the organisation, for those who administer."""
    found = api_tokens().filter(code=code).first() if person.may(Ability.ADMINISTER) else None
    if found is None:
        raise NotFound("token")
    return found


def token_of_secret(secret_hash: str) -> ApiToken | None:
    """The token that stands behind the hash of a secret, with its organisation; None for one unknown or revoked."""
    rows = ApiToken.unscoped.filter(secret_hash=secret_hash, revoked_at=None)
    found: ApiToken | None = rows.select_related("organisation").first()
    return found


def find_people(person: Person, *, words: str = "", team: str = "", role: str = "") -> QuerySet[Person]:
    """The people of the organisation whose name or address holds the words, in that team (code), of that role."""
    if not person.may(Ability.MANAGE_PEOPLE):
        raise NotFound("people")
    found = people_of(person)
    for word in words.split()[:5]:
        named = Q(given_name__icontains=word) | Q(family_name__icontains=word)
        found = found.filter(named | Q(account__email__icontains=word))
    if team:
        found = found.filter(team__code=team)
    return found.filter(pk__in=_holders(role)) if role else found


def _holders(role: str) -> Any:
    return RoleGrant.objects.filter(_in_force(), role=role).values("person")


def _in_force() -> Q:
    return Q(ends_on__isnull=True) | Q(ends_on__gte=clock.now().date())


def get_team_for(person: Person, code: str) -> Team:
    """A team of the organisation, for those who administer it."""
    found: Team | None = Team.objects.filter(code=code).first() if person.may(Ability.ADMINISTER) else None
    if found is None:
        raise NotFound("team")
    return found


def teams_with_sizes() -> QuerySet[Team]:
    """The teams of the organisation in force, each with `size`: how many people belong to it, taking part or not."""
    return teams().annotate(size=Count("people", filter=Q(people__is_active=True)))


def team_of_code(code: str) -> Team | None:
    """The team of that code in the organisation in force; None when there is none."""
    found: Team | None = Team.objects.filter(code=code).first() if code else None
    return found


def joined_groups() -> list[Group]:
    """How many take part, by team; teams under five are merged, and hidden when that is still too few."""
    joined = Person.objects.filter(is_active=True, participation=Participation.JOINED)
    counts = joined.values("team__name").annotate(count=Count("pk")).order_by("team__name")
    return shown_groups(Group(row["team__name"] or "", row["count"]) for row in counts)


def audience_count(rule: Mapping[str, Sequence[str]]) -> int:
    """How many people the rule admits at this moment, in the organisation in force, taking part or not.

    Counting only those who take part would tell, by two rules that differ by one colleague, whether that colleague does.
    """
    people = Person.objects.filter(is_active=True)
    if rule.get("roles"):
        held = RoleGrant.objects.filter(_in_force(), role__in=rule["roles"])
        people = people.filter(pk__in=held.values("person"))
    columns = {"teams": "team__code__in", "countries": "country__in", "languages": "language__in"}
    count: int = people.filter(**{columns[key]: rule[key] for key in columns if rule.get(key)}).count()
    return count


def countries() -> list[str]:
    """The countries where the organisation in force has people, as codes."""
    codes = Person.objects.filter(is_active=True).exclude(country="").values_list("country", flat=True)
    return sorted(set(codes.distinct()))


def pending_invitations(now: datetime) -> QuerySet[Invitation]:
    """The invitations that may still be accepted, the latest first. One that ran out is listed nowhere."""
    rows: QuerySet[Invitation] = Invitation.objects.filter(
        accepted_at__isnull=True, cancelled_at__isnull=True, expires_at__gt=now
    )
    return rows.select_related("team").order_by("-created_at", "-pk")


def get_invitation_for(person: Person, code: str) -> Invitation:
    """An invitation of the organisation, for those who invite."""
    found: Invitation | None = (
        Invitation.objects.filter(code=code).first() if person.may(Ability.INVITE) else None
    )
    if found is None:
        raise NotFound("invitation")
    return found


def open_invitation(code: str, now: datetime) -> Invitation:
    """The invitation of that code, of whichever organisation, for whoever holds its signed link."""
    rows = Invitation.unscoped.select_related("organisation", "invited_by")
    found: Invitation | None = rows.filter(code=code).first()
    if found is None or not found.is_open(now):
        raise NotFound("invitation")
    return found


def open_join_links(now: datetime) -> QuerySet[JoinLink]:
    """The join links of the organisation in force by which one may join at that moment."""
    rows: QuerySet[JoinLink] = JoinLink.objects.filter(closed_at__isnull=True, expires_at__gt=now)
    return rows.select_related("team").order_by("-created_at", "-pk")


def get_join_link_for(person: Person, code: str) -> JoinLink:
    """A join link of the organisation, for those who invite."""
    found: JoinLink | None = (
        JoinLink.objects.filter(code=code).first() if person.may(Ability.INVITE) else None
    )
    if found is None:
        raise NotFound("join_link")
    return found


def open_join_link(code: str, now: datetime) -> JoinLink:
    """The join link of that code, of whichever organisation, for whoever was given it."""
    found: JoinLink | None = (
        JoinLink.unscoped.select_related("organisation", "team").filter(code=code).first()
    )
    if found is None or not found.is_open(now):
        raise NotFound("join_link")
    return found


def account_of(email: str) -> Account | None:
    """The log-in of that address, if it may sign in."""
    return Account.objects.filter(email=email.strip().lower(), is_active=True).first()


def has_log_in(email: str) -> bool:
    """Whether the address has a log-in, active or not: to be asked only of one who proved the address."""
    return Account.objects.filter(email=email).exists()


def trail(person: Person, *, acts: Iterable[str], by: str = "") -> QuerySet[TrailEntry]:
    """Who did what in the organisation, the latest first, of those acts alone; `by` is a person's code."""
    if not person.may(Ability.ADMINISTER):
        raise NotFound("trail")
    rows: QuerySet[TrailEntry] = TrailEntry.objects.filter(act__in=list(acts))
    rows = rows.filter(person__code=by) if by else rows
    return rows.select_related("person").order_by("-at", "-pk")
