"""Links: opened, led elsewhere, withdrawn; the redirector is told."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.links import click_ids, codes, tagging
from portevoix.links.actions.keys import keep_click_key
from portevoix.links.changes import Changes
from portevoix.links.models import Card, Link
from portevoix.links.stand_ins import reachable
from portevoix.people.models import Organisation

LONGEST_DESTINATION = 2000

log = logging.getLogger(__name__)


@transaction.atomic
def open_link(
    *,
    organisation: Organisation,
    destination: str,
    fallback: str,
    expires_at: datetime | None,
    now: datetime,
    code: str = "",
    carries_click_id: bool = False,
    card: Card | None = None,
) -> Link:
    """Opens a link to a web page; `fallback` is where it leads once it expired or was withdrawn.

    With `carries_click_id`, the page is told which click it was (`click_ids`). Refuses what is not an http or https
    address, and a `code` that is taken.
    """
    if code and Link.unscoped.filter(code=code).exists():
        raise Refusal("code_taken", _("This link exists already. Please try again."))
    if carries_click_id:
        keep_click_key(organisation_id=organisation.pk, now=now)
    link: Link = Link.unscoped.create(
        organisation=organisation,
        code=code or codes.new_code(),
        destination=checked(destination, carries_click_id=carries_click_id),
        carries_click_id=carries_click_id,
        card=card,
        fallback=checked(fallback),
        expires_at=expires_at,
        created_at=now,
    )
    tell_redirector([link.code])
    return link


@transaction.atomic
def retarget_links(
    *,
    links: Iterable[Link],
    destination: str,
    expires_at: datetime | None,
    now: datetime,
    carries_click_id: bool = False,
    card: Card | None = None,
) -> int:
    """Leads open and withdrawn links to another page until another day, under that card, and opens them again.

    Says how many.
    """
    rows = Link.unscoped.filter(pk__in=[link.pk for link in links])
    changed = list(rows.values_list("code", "organisation_id"))
    tell_redirector([code for code, _organisation in changed])
    if carries_click_id:
        for organisation_id in {organisation_id for _code, organisation_id in changed}:
            keep_click_key(organisation_id=organisation_id, now=now)
    return rows.update(
        destination=checked(destination, carries_click_id=carries_click_id),
        expires_at=expires_at,
        withdrawn_at=None,
        carries_click_id=carries_click_id,
        card=card,
    )


@transaction.atomic
def withdraw_links(*, links: Iterable[Link], now: datetime) -> int:
    """Has links lead to the company's page from now on; says how many did not yet."""
    rows = Link.unscoped.filter(pk__in=[link.pk for link in links], withdrawn_at=None)
    tell_redirector(list(rows.values_list("code", flat=True)))
    return rows.update(withdrawn_at=now)


def checked(address: str, *, carries_click_id: bool = False) -> str:
    """The address as it is kept. A click id that was copied with it makes room for each visit's own."""
    if carries_click_id:
        address = tagging.without(address, click_ids.PARAMETER)
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(address) > LONGEST_DESTINATION:
        raise Refusal("bad_destination", _("A link can only lead to a page of the web."))
    return reachable(address, settings.ENVIRONMENT.stand_ins)


def tell_redirector(changed: Sequence[str]) -> None:
    """Once this is committed, the redirector's processes on this machine know it with their next answer.

    Where they cannot be told, they find out by themselves a second or two later.
    """

    def tell() -> None:
        try:
            _changes(settings.VAR).tell(changed)
        except OSError as error:
            log.warning("The redirector could not be told of changed links (%s).", error)

    if changed:
        transaction.on_commit(tell)


@cache
def _changes(var: Path) -> Changes:
    return Changes(var)
