"""Organisations: founding one, changing what it is."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core import events
from portevoix.core.errors import Refusal
from portevoix.people import checks, trail
from portevoix.people.events import OrganisationChanged, OrganisationCreated
from portevoix.people.models import Language, Organisation, Person, VisitorPeriod
from portevoix.people.rules import clean_domain

# No network is well served by more; product defaults.
SHARES_PER_DAY = range(1, 6)
STORY_DAYS = range(1, 91)
ACTIVE_STORIES = range(1, 101)


@transaction.atomic
def create_organisation(
    *,
    name: str,
    website: str,
    now: datetime,
    language: str = Language.FRENCH,
    time_zone: str = "Europe/Paris",
    country: str = "FR",
    mail_domains: Sequence[str] = (),
) -> Organisation:
    """Founds an organisation; its first administrator is made with `persons.create_person`."""
    organisation = Organisation.objects.create(
        name=checks.checked_name(name),
        website=_checked_website(website),
        language=checks.checked_language(language),
        time_zone=checks.checked_zone(time_zone),
        country=checks.checked_country(country),
        mail_domains=_checked_domains(mail_domains),
        created_at=now,
    )
    trail.record(
        organisation_id=organisation.pk,
        person=None,
        act="create_organisation",
        subject=organisation.code,
        now=now,
    )
    events.publish(OrganisationCreated(organisation_id=organisation.pk))
    return organisation


@transaction.atomic
def change_organisation(
    *,
    organisation: Organisation,
    by: Person,
    now: datetime,
    name: str,
    website: str,
    language: str,
    time_zone: str,
    mail_domains: Sequence[str],
    shares_per_day: int,
    story_days: int,
    active_story_limit: int,
    visitor_period: str,
) -> Organisation:
    """Changes what the organisation is and its limits; refuses what lies outside them."""
    wanted = {
        "name": checks.checked_name(name),
        "website": _checked_website(website),
        "language": checks.checked_language(language),
        "time_zone": checks.checked_zone(time_zone),
        "mail_domains": _checked_domains(mail_domains),
        "shares_per_day": _within(SHARES_PER_DAY, shares_per_day, "shares_per_day"),
        "story_days": _within(STORY_DAYS, story_days, "story_days"),
        "active_story_limit": _within(ACTIVE_STORIES, active_story_limit, "active_story_limit"),
        "visitor_period": _checked_period(visitor_period),
    }
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    changed = sorted(key for key, value in wanted.items() if getattr(row, key) != value)
    for key in changed:
        setattr(row, key, wanted[key])
    if changed:
        row.save(update_fields=changed)
        trail.record(
            organisation_id=row.pk,
            person=by,
            act="change_organisation",
            subject=row.code,
            now=now,
            changed=changed,
        )
        events.publish(OrganisationChanged(organisation_id=row.pk, changed=tuple(changed)))
    return row


def _checked_website(website: str) -> str:
    address = website.strip()
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(address) > 500:
        raise Refusal(
            "bad_website",
            _("Write the address in full, for example https://www.company.example/."),
            field="website",
        )
    return address


def _checked_period(kind: str) -> str:
    if kind not in VisitorPeriod.values:
        raise Refusal("bad_period", _("Choose one of the periods proposed."), field="visitor_period")
    return kind


def _checked_domains(names: Iterable[str]) -> list[str]:
    domains = []
    for name in names:
        domain = clean_domain(name)
        if not domain:
            raise Refusal(
                "bad_domain",
                _("“%(name)s” is not a mail domain. Write it like company.example."),
                field="mail_domains",
                facts={"name": name.strip()[:80]},
            )
        domains.append(domain)
    return sorted(set(domains))


def _within(limits: range, value: int, field: str) -> int:
    if value not in limits:
        raise Refusal(
            "out_of_limits",
            _("Choose a number from %(low)s to %(high)s."),
            field=field,
            facts={"low": limits[0], "high": limits[-1]},
        )
    return value
