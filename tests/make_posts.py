"""Makers of connected accounts and planned posts; Agora plays the network, over real HTTP."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from networks.fakes.agora import FakeAgora
from networks.fakes.server import FakeNetwork
from portevoix.core import clock, work
from portevoix.library.models import Story
from portevoix.networks.direct import Grant
from portevoix.people.models import Person
from portevoix.sharing.actions.posts import plan_post
from portevoix.sharing.jobs import POSTS
from portevoix.sharing.models import ConnectedAccount, Post
from portevoix.sharing.timing import Kind, When

OWN_TEXT = "Hier, un client m’a montré sa facture. Nous en avons ri ensemble."
NOW_WHEN = When(Kind.NOW)


def play(settings: Any, *networks: FakeNetwork) -> None:
    """From here on the way out leads to those fakes under the networks' real names."""
    stand_ins = {host: ("127.0.0.1", one.port) for one in networks for host in one.hosts}
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, stand_ins=stand_ins)


def connect(
    person: Person, *, now: datetime, network: str = "dummy", grant: Grant | None = None, **facts: Any
) -> ConnectedAccount:
    """An account of that person, connected, with a grant that the fakes accept."""
    account = ConnectedAccount(
        organisation_id=person.organisation_id,
        person=person,
        network=network,
        place=f"{network}::{person.code}",
        account_id="ana",
        handle="@ana",
        name=person.full_name,
        connected_at=now,
        **facts,
    )
    account.sealed = account.seal((grant or lasting_grant()).as_dict())
    account.save()
    return account


def lasting_grant() -> Grant:
    """A grant that the fakes accept, without an end."""
    return replace(FakeAgora().grant(), expires_at=None)


def plan(
    person: Person,
    story: Story,
    *,
    now: datetime,
    when: When = NOW_WHEN,
    channel: str = "dummy",
    text: str = OWN_TEXT,
    **facts: Any,
) -> Post:
    """A post of that person, through the real action."""
    return plan_post(person=person, story=story, channel=channel, text=text, when=when, now=now, **facts)


def step(post: Post, now: datetime | None = None) -> Post:
    """One turn of a worker that finds only this post; as it stands afterwards."""
    row = work.claim(POSTS.due_rows().filter(pk=post.pk), now=now or clock.now(), lease=POSTS.lease)
    if row is not None:
        work.work_on(POSTS, row, now or clock.now())
    fresh: Post = Post.unscoped.select_related("share", "account").get(pk=post.pk)
    return fresh
