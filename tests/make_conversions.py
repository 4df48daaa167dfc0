"""Makers of click ids, as the redirector makes them, and of conversions, as a company's server tells them."""

import os
from datetime import datetime, timedelta
from typing import Any

from portevoix.links.actions.converting import Recorded, record_conversion
from portevoix.links.actions.keys import keep_click_key
from portevoix.links.actions.opening import open_link
from portevoix.links.click_ids import Key
from portevoix.links.conversions import Report
from portevoix.links.models import Link, Source
from portevoix.people.models import Organisation

AN_HOUR = timedelta(hours=1)


def make_telling_link(organisation: Organisation, *, now: datetime) -> Link:
    """A link that tells its page which click it was."""
    return open_link(
        organisation=organisation,
        destination=f"{organisation.website}offer",
        fallback=organisation.website,
        expires_at=None,
        now=now,
        carries_click_id=True,
    )


def click_on(link: Link, *, at: datetime, chance: bytes | None = None) -> str:
    """The id of a click on a link at that moment."""
    key = keep_click_key(organisation_id=link.organisation_id, now=at)
    return Key(bytes(key.secret)).make(link.pk, int(at.timestamp() * 1000), chance or os.urandom(8)).decode()


def convert(
    link: Link, *, now: datetime, source: Source = Source.SERVER, origin: str = "", **facts: Any
) -> Recorded:
    """A conversion told just now, an hour after a click of its own unless another is given."""
    facts.setdefault("click", click_on(link, at=now - AN_HOUR))
    report = Report(**{"kind": "signup", **facts})
    organisation = link.organisation if source == Source.SERVER else None
    return record_conversion(report=report, source=source, organisation=organisation, origin=origin, now=now)
