"""How links are tagged, and which sites may declare what clicks led to; each change is in the trail."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.links import conversions, tagging
from portevoix.links.models import LinkSetting, Site
from portevoix.people import trail
from portevoix.people.models import Organisation, Person


@transaction.atomic
def change_link_setting(
    *,
    organisation: Organisation,
    by: Person,
    now: datetime,
    is_tagging: bool,
    patterns: Mapping[str, str],
    carries_click_ids: bool,
    window_days: int,
) -> LinkSetting:
    """Says how links are made from now on; those that are open follow when their story changes.

    Refuses a placeholder that is none, above all a person's, and a window of no days or more than ninety.
    """
    wanted = {
        "is_tagging": is_tagging,
        **{name: _checked_pattern(name, patterns.get(name, "")) for name in tagging.PARAMETERS},
        "carries_click_ids": carries_click_ids,
        "window_days": _checked_window(window_days),
    }
    row, _made = LinkSetting.unscoped.select_for_update().get_or_create(organisation=organisation)
    changed = sorted(name for name, value in wanted.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        row.save(update_fields=changed)
        _record(organisation, by, "change_link_setting", organisation.code, now, changed=changed)
    return row


@transaction.atomic
def add_site(*, organisation: Organisation, by: Person, address: str, now: datetime) -> Site:
    """Lets browsers on that site declare what a click led to; a second time changes nothing. Refuses what is no site."""
    origin = conversions.origin_of(address)
    if not origin:
        raise Refusal(
            "bad_site", _("Write the site’s address, such as https://www.company.example."), field="address"
        )
    site, is_new = Site.unscoped.get_or_create(
        organisation=organisation, origin=origin, defaults={"added_at": now}
    )
    if is_new:
        _record(organisation, by, "add_site", site.code, now, origin=origin)
    return site


@transaction.atomic
def remove_site(*, site: Site, by: Person, now: datetime) -> None:
    """Browsers on that site are no longer listened to; what they declared stays."""
    _record(site.organisation, by, "remove_site", site.code, now, origin=site.origin)
    site.delete()


def _checked_pattern(name: str, pattern: str) -> str:
    kept = pattern.strip()
    problem = tagging.problem_of(kept)
    if problem.startswith("{"):
        raise Refusal(
            "unknown_placeholder",
            _("%(placeholder)s stands for nothing here. Choose among %(placeholders)s."),
            field=name,
            facts={
                "placeholder": problem,
                "placeholders": ", ".join(f"{{{one}}}" for one in tagging.PLACEHOLDERS),
            },
        )
    if problem:
        raise Refusal(
            "bad_pattern", _("Write at most 120 signs on one line, without lone braces."), field=name
        )
    return kept


def _checked_window(days: int) -> int:
    if days not in conversions.WINDOW_DAYS:
        raise Refusal("bad_window", _("Choose from 1 to 90 days."), field="window_days")
    return days


def _record(
    organisation: Organisation, by: Person, act: str, subject: str, now: datetime, **facts: Any
) -> None:
    trail.record(organisation_id=organisation.pk, person=by, act=act, subject=subject, now=now, **facts)
