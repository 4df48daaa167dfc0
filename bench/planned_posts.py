"""Rows for benches that publish: an organisation, its people, their accounts at Agora, and posts that will come due.

The rows are what `plan_post` writes, made in bulk: planning is not what is measured, and takes some ten milliseconds a
post. Django is set up before this is imported.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portevoix.core import tenancy, work
from portevoix.library.models import Story, StoryState
from portevoix.links import codes
from portevoix.links.models import Link
from portevoix.networks.direct import Grant, Key
from portevoix.networks.dummy.publisher import DummyPublisher
from portevoix.people.models import Account, Organisation, Participation, Person, RoleGrant
from portevoix.sharing.composing import Beside, beside, draft_for
from portevoix.sharing.hours import Moment, wall_of
from portevoix.sharing.models import ConnectedAccount, Post, Share
from portevoix.sharing.queries import place_of
from portevoix.sharing.states import PostState, ShareState
from portevoix.sharing.timing import Planned

BATCH = 2_000
WORDS = "Hier, un client m’a montré sa facture. Nous en avons ri ensemble."


@dataclass(frozen=True)
class Made:
    """A post that was made: its row, the code of its link, when it is due in seconds since 1970."""

    pk: int
    code: str
    due: float


def make_posts(
    moments: Sequence[datetime], people_count: int, *, now: datetime, ask: bool, draw: random.Random
) -> list[Made]:
    """A post for each moment, of so many people in turn. `ask`: the engine is told of each, as `plan_post` tells it."""
    organisation = Organisation.objects.create(
        name="Atlas", website="https://atlas.example/", time_zone="UTC", country="", created_at=now
    )
    story = _story(organisation, now)
    accounts = _accounts(organisation, _people(organisation, people_count, now), now)
    links = _bulk(Link, [_link(organisation, codes.new_code(draw.choice), now) for _moment in moments])
    turns = [accounts[place % len(accounts)] for place in range(len(moments))]
    shares = _bulk(
        Share,
        [_share(story, account, link, at) for account, link, at in zip(turns, links, moments, strict=True)],
    )
    with tenancy.acting_for(organisation.pk):
        card = beside(story)
    rows = [
        _post(share, account, card, at, now)
        for share, account, at in zip(shares, turns, moments, strict=True)
    ]
    posts = _bulk(Post, rows)
    for post in posts if ask else ():
        work.ask(post)
    return [
        Made(post.pk, link.code, at.timestamp()) for post, link, at in zip(posts, links, moments, strict=True)
    ]


def _bulk(model: Any, rows: list[Any]) -> list[Any]:
    made: list[Any] = model._base_manager.bulk_create(rows, batch_size=BATCH)
    return made


def _story(organisation: Organisation, now: datetime) -> Story:
    return Story.unscoped.create(
        organisation=organisation,
        title="Une laiterie au soleil",
        summary="38 % de son électricité.",
        link="https://gazette.example/laiterie",
        state=StoryState.PUBLISHED,
        published_at=now - timedelta(days=1),
        expires_at=now + timedelta(days=13),
        created_at=now - timedelta(days=1),
        updated_at=now,
    )


def _people(organisation: Organisation, count: int, now: datetime) -> list[Person]:
    mark = organisation.code
    log_ins = _bulk(
        Account, [Account(email=f"p{place}@{mark}.example", password="!") for place in range(count)]
    )
    people: list[Person] = _bulk(
        Person,
        [
            Person(
                organisation=organisation,
                account=account,
                given_name=f"P{place}",
                time_zone="UTC",
                participation=Participation.JOINED,
                joined_at=now,
                created_at=now,
            )
            for place, account in enumerate(log_ins)
        ],
    )
    _bulk(
        RoleGrant,
        [RoleGrant(organisation=organisation, person=person, role="ambassador") for person in people],
    )
    return people


def _accounts(organisation: Organisation, people: list[Person], now: datetime) -> list[ConnectedAccount]:
    rows = []
    for person in people:
        row = ConnectedAccount(
            organisation=organisation,
            person=person,
            network="dummy",
            place=f"dummy::{person.code}",
            account_id=person.code,
            handle=f"@{person.code}",
            connected_at=now,
        )
        row.sealed = row.seal(Grant(person.code, f"token-{person.code}", scopes=("me", "posts")).as_dict())
        rows.append(row)
    made: list[ConnectedAccount] = _bulk(ConnectedAccount, rows)
    return made


def _link(organisation: Organisation, code: str, now: datetime) -> Link:
    return Link(
        organisation=organisation,
        code=code,
        destination="https://gazette.example/laiterie",
        fallback=organisation.website,
        created_at=now,
    )


def _share(story: Story, account: ConnectedAccount, link: Link, at: datetime) -> Share:
    return Share(
        organisation=story.organisation,
        person=account.person,
        story=story,
        link=link,
        channel="dummy",
        language="fr",
        text=f"Je travaille chez Atlas.\n\n{WORDS}",
        state=ShareState.PLANNED,
        shared_at=at,
    )


def _post(share: Share, account: ConnectedAccount, card: Beside, at: datetime, now: datetime) -> Post:
    line, place = "Je travaille chez Atlas.", place_of(share.person)
    draft = draft_for(
        story=share.story, words=WORDS, language="fr", disclosure=line, link_code=share.link.code
    )
    planned = Planned(Moment(at, wall_of(at, place)), place, is_chosen=True)
    key = Key(share.code, now.timestamp())
    return Post(
        organisation_id=share.organisation_id,
        share=share,
        account=account,
        frozen=dict(DummyPublisher().freeze(card.added_to(draft), key)),
        key_at=now,
        due_at=at,
        history=[[PostState.SCHEDULED, now.isoformat(timespec="milliseconds"), ""]],
        **planned.facts(),
    )
