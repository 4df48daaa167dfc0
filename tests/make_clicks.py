"""Makers of links, shares and clicks: raw ones in segments on disk, as the redirector writes them, or judged rows."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from portevoix.core import tenancy
from portevoix.library.models import Story, StoryState
from portevoix.links import codes
from portevoix.links.models import Click, ClickKind, Link
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
    share: Share, moments: Iterable[datetime], *, kind: str = ClickKind.PERSON, visitor: str = ""
) -> None:
    """Judged clicks as rows; each is another visitor unless one is named."""
    count = Click.unscoped.count()
    Click.unscoped.bulk_create(
        Click(
            organisation_id=share.organisation_id,
            link_id=share.link_id,
            at=at,
            kind=kind,
            visitor=visitor or f"{count + number:016x}",
            segment="made",
            position=count + number,
        )
        for number, at in enumerate(moments)
    )


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
