"""Join links: whoever has an address of the company's mail domains, and proves it, comes in without being invited."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core.codes import new_code
from portevoix.core.errors import Refusal
from portevoix.people import checks, letters, tokens, trail
from portevoix.people.actions.participation import join_programme
from portevoix.people.actions.persons import create_person
from portevoix.people.actions.roles import grant_role
from portevoix.people.models import JoinLink, Person, Team
from portevoix.people.roles import MEMBER_ROLES, Role
from portevoix.people.rules import JOIN_LINK_LIFE, is_of_domain


@transaction.atomic
def open_join_link(*, by: Person, now: datetime, team: Team | None = None) -> JoinLink:
    """Opens a link good for 90 days; refuses while the organisation has declared no mail domain."""
    checks.refuse_other_organisation(by, team)
    if not by.organisation.mail_domains:
        raise Refusal(
            "no_mail_domain",
            _("Declare the company’s mail domains in the settings first: a join link needs them."),
        )
    link: JoinLink = JoinLink.unscoped.create(
        organisation_id=by.organisation_id,
        code=new_code() + new_code(),
        team=team,
        created_at=now,
        expires_at=now + JOIN_LINK_LIFE,
    )
    _record("open_join_link", link, by, now)
    return link


@transaction.atomic
def close_join_link(*, link: JoinLink, by: Person, now: datetime) -> JoinLink:
    """Closes the link: nobody joins by it any more, those who did stay."""
    if link.closed_at is None:
        link.closed_at = now
        link.save(update_fields=["closed_at"])
        _record("close_join_link", link, by, now)
    return link


def ask_to_join(
    *, link: JoinLink, email: str, given_name: str, now: datetime, family_name: str = "", language: str = "fr"
) -> None:
    """Mails a link that proves the address; nothing is created before. Refuses an address of another domain."""
    _refuse_if_closed(link, now)
    checks.checked_language(language)
    address = checks.checked_email(email)
    _refuse_other_domain(link, address)
    given = checks.checked_name(given_name, field="given_name", longest=checks.LONGEST_NAME)
    family = checks.checked_family_name(family_name)
    request = tokens.JoinRequest(link.code, address, given, family, language)
    letter = letters.join_confirmation(link.organisation, tokens.join_token(request, now=now))
    letters.send(letter, to=address, language=language)


@transaction.atomic
def join_by_link(*, link: JoinLink, request: tokens.JoinRequest, now: datetime, password: str = "") -> Person:
    """Makes the ambassador whose address was just proved; they have joined with the same tap."""
    _refuse_if_closed(link, now)
    _refuse_other_domain(link, request.email)
    _refuse_ended_access(link, request.email)
    person = create_person(
        organisation=link.organisation,
        email=request.email,
        given_name=request.given_name,
        family_name=request.family_name,
        team=link.team,
        language=request.language,
        password=password,
        now=now,
    )
    if not person.roles & set(MEMBER_ROLES):
        grant_role(person=person, role=Role.AMBASSADOR, by=None, now=now)
    _record("join_by_link", link, person, now)
    return join_programme(person=person, now=now)


def _refuse_if_closed(link: JoinLink, now: datetime) -> None:
    if not link.is_open(now):
        raise tokens.invalid_link()


def _refuse_other_domain(link: JoinLink, email: str) -> None:
    domains = link.organisation.mail_domains
    if not is_of_domain(email, domains):
        raise Refusal(
            "other_domain",
            _("Use your work address: %(domains)s."),
            field="email",
            facts={"domains": ", ".join(f"@{domain}" for domain in domains)},
        )


def _refuse_ended_access(link: JoinLink, email: str) -> None:
    """What an administrator ended, a join link does not open again."""
    ended = Person.unscoped.filter(organisation=link.organisation_id, account__email=email, is_active=False)
    if ended.exists():
        raise tokens.invalid_link()


def _record(act: str, link: JoinLink, by: Person, now: datetime) -> None:
    trail.record(organisation_id=link.organisation_id, person=by, act=act, subject=link.code[:12], now=now)
