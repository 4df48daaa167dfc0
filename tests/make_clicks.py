"""Makers of links, shares and clicks: raw ones in segments on disk, as the redirector writes them, or judged rows."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from django.db.models import Max

from portevoix.analytics import counting
from portevoix.core import tenancy
from portevoix.library.models import Story, StoryState
from portevoix.links import codes, robots
from portevoix.links.batches import CLICK, Clicks, Kind
from portevoix.links.judging import columns_of
from portevoix.links.models import JudgedBatch, Link
from portevoix.links.packing import packed
from portevoix.links.segments import HEADER, Seen, frame_of_click
from portevoix.people.models import Organisation, Person
from portevoix.sharing.actions.composition import place_of
from portevoix.sharing.models import Share

BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)


def make_link(organisation: Organisation, *, now: datetime) -> Link:
    return Link.unscoped.create(
        organisation=organisation,
        code=codes.new_code(),
        destination="https://atlas.example/story",
        fallback=organisation.website,
        created_at=now,
    )


def make_published_story(organisation: Organisation, title: str, *, now: datetime, **facts: Any) -> Story:
    """A story out since five days, as a row."""
    told = {"published_at": now - timedelta(days=5), "expires_at": now + timedelta(days=9), **facts}
    with tenancy.acting_for(organisation.pk):
        return Story.objects.create(
            organisation=organisation,
            title=title,
            link="https://atlas.example/story",
            state=StoryState.PUBLISHED,
            created_at=now - timedelta(days=6),
            updated_at=now,
            **told,
        )


def make_share(
    person: Person, story: Story, *, at: datetime, channel: str = "linkedin", **facts: Any
) -> Share:
    """A share as a row, with its own link, at the person's present place unless told."""
    with tenancy.acting_for(person.organisation_id):
        return Share.objects.create(
            organisation=person.organisation,
            person=person,
            story=story,
            link=make_link(person.organisation, now=at),
            channel=channel,
            language="fr",
            text="Je travaille chez Atlas.",
            shared_at=at,
            **{**place_of(person), **facts},
        )


def make_clicks(
    share: Share, moments: Iterable[datetime], *, kind: Kind = Kind.PERSON, visitor: str = ""
) -> None:
    """Judged clicks, counted; each is another visitor unless one is named."""
    times = list(moments)
    start = JudgedBatch.objects.aggregate(end=Max("end"))["end"] or 0
    clicks = np.zeros(len(times), CLICK)
    clicks["at_ms"] = [round(at.timestamp() * 1000) for at in times]
    clicks["visitor"] = int(visitor, 16) if visitor else np.arange(start + 1, start + 1 + len(times))
    clicks["link"], clicks["organisation"], clicks["kind"] = share.link_id, share.organisation_id, kind
    clicks["language"] = packed("fr")
    keep_batch(clicks, start=start, end=start + len(times))
    count_all(max(times))


def keep_batch(clicks: Clicks, *, start: int, end: int, segment: str = "made") -> JudgedBatch:
    """A judged batch as a row."""
    return JudgedBatch.objects.create(
        segment=segment,
        start=start,
        end=end,
        rules=robots.edition(),
        judged_at=datetime.fromtimestamp(int(clicks["at_ms"].max()) / 1000, UTC),
        **columns_of(clicks),
    )


def count_all(now: datetime) -> None:
    """Counts what was judged, late clicks too."""
    with tenancy.acting_for(None):
        while counting.count_batches(now=now):
            pass
        while counting.recount_days(now):
            pass


def raw_click(link: Link, at: datetime, *, visitor: int = 1, agent: str = BROWSER, flags: int = 0) -> Seen:
    """A click as the redirector sees it; `visitor` 0 is a click without a visitor."""
    return Seen(
        at_ms=int(at.timestamp() * 1000),
        link_id=link.pk,
        organisation_id=link.organisation_id,
        code=link.code,
        referrer="lnkd.in",
        language="fr",
        device=3,
        visitor=visitor.to_bytes(8, "big") if visitor else b"",
        agent=agent,
        flags=flags,
    )


def write_segment(folder: Path, clicks: Iterable[Seen], name: str = "0000000000001-1-a") -> Path:
    """A segment that holds these clicks; added to its end when it is there already."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.clicks"
    begun = path.read_bytes() if path.exists() else HEADER
    path.write_bytes(begun + b"".join(frame_of_click(click) for click in clicks))
    return path
