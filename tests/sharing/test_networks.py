"""What an operator sets for a network, and what one network's trouble does to the others."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from cast import Cast
from make_library import make_published_story, make_story
from make_posts import connect, plan, play, step
from networks.fakes.agora import FakeAgora
from networks.fakes.linkedin import CLIENT as LINKEDIN
from networks.fakes.linkedin import FakeLinkedIn
from networks.fakes.mastodon import FakeMastodon
from networks.fakes.server import NOW, SECRET, FakeNetwork, breaks, says
from portevoix.core import clock
from portevoix.core.errors import NotFound, Refusal
from portevoix.library.actions.writing import save_story
from portevoix.library.models import Story
from portevoix.networks.failures import TryLater
from portevoix.networks.linkedin.version import VERSION
from portevoix.notifications.models import Notice
from portevoix.sharing import holds, keys
from portevoix.sharing.actions.networks import forget_keys, set_network
from portevoix.sharing.actions.replanning import plan_by_new_zones
from portevoix.sharing.models import NetworkSetting, Post
from portevoix.sharing.timing import Kind, When


@pytest.fixture
def now() -> datetime:
    """The fakes' own moment: a Monday morning."""
    return datetime.fromtimestamp(NOW, clock.zone("UTC"))


@pytest.fixture
def linkedin(settings: Any, travel: object) -> Iterator[FakeLinkedIn]:
    with FakeLinkedIn() as network:
        play(settings, network)
        yield network


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    return make_published_story(cast.ines, now=now, link="https://gazette.example/laiterie")


# --- keys ----------------------------------------------------------------------------------------------------------
def test_keys_are_tried_sealed_and_open_the_network(
    cast: Cast, linkedin: FakeLinkedIn, now: datetime
) -> None:
    row = set_network(
        by=cast.driss, network="linkedin", is_on=True, client_id=LINKEDIN, client_secret=SECRET, now=now
    )

    assert linkedin.requests
    assert (row.checked_at, row.problem) == (now, "")
    assert SECRET not in row.sealed
    assert "linkedin" in keys.open_offers(cast.atlas.pk)
    assert "linkedin" not in keys.open_offers(cast.other.pk)


def test_keys_that_the_network_does_not_know_are_refused_and_not_kept(
    cast: Cast, linkedin: FakeLinkedIn, now: datetime
) -> None:
    with pytest.raises(Refusal) as refusal:
        set_network(
            by=cast.driss, network="linkedin", is_on=True, client_id=LINKEDIN, client_secret="no", now=now
        )

    assert (refusal.value.code, refusal.value.field) == ("bad_keys", "client_secret")
    assert not NetworkSetting.objects.exists()


def test_keys_are_kept_untried_when_the_network_is_silent(
    cast: Cast, linkedin: FakeLinkedIn, now: datetime
) -> None:
    linkedin.plan(breaks(503), on=".*")

    row = set_network(
        by=cast.driss, network="linkedin", is_on=True, client_id=LINKEDIN, client_secret=SECRET, now=now
    )

    assert (row.problem, row.checked_at) == ("not_tried", None)


def test_empty_secret_keeps_the_one_there_is(cast: Cast, linkedin: FakeLinkedIn, now: datetime) -> None:
    facts = {"by": cast.driss, "network": "linkedin", "is_on": True, "client_id": LINKEDIN, "now": now}
    set_network(**facts, client_secret=SECRET)

    set_network(**facts)

    assert keys.keys_for(cast.atlas.pk, "linkedin").client_secret == SECRET


def test_other_identifier_wants_its_own_secret(cast: Cast, linkedin: FakeLinkedIn, now: datetime) -> None:
    facts = {"by": cast.driss, "network": "linkedin", "is_on": True, "now": now}
    set_network(**facts, client_id=LINKEDIN, client_secret=SECRET)

    with pytest.raises(Refusal, match="secret_missing"):
        set_network(**facts, client_id="another")


def test_network_without_keys_cannot_be_opened(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refusal, match="keys_missing"):
        set_network(by=cast.driss, network="linkedin", is_on=True, now=now)


def test_network_is_set_by_administrators_alone(cast: Cast, now: datetime) -> None:
    with pytest.raises(NotFound):
        set_network(by=cast.ines, network="mastodon", is_on=False, now=now)


def test_forgotten_keys_close_the_network(cast: Cast, linkedin: FakeLinkedIn, now: datetime) -> None:
    set_network(
        by=cast.driss, network="linkedin", is_on=True, client_id=LINKEDIN, client_secret=SECRET, now=now
    )

    forget_keys(by=cast.driss, network="linkedin", now=now)

    row = NetworkSetting.objects.get()
    assert (row.sealed, row.client_id, row.is_on) == ("", "", False)


def test_version_of_the_operator_goes_with_every_post_from_then_on(
    cast: Cast, linkedin: FakeLinkedIn, story: Story, now: datetime
) -> None:
    facts = {"by": cast.driss, "network": "linkedin", "is_on": True, "client_id": LINKEDIN, "now": now}
    set_network(**facts, client_secret=SECRET)
    connect(cast.ana, now=now, network="linkedin", grant=linkedin.grant())
    linkedin.versions = (VERSION, "202611")
    set_network(**facts, facts={"version": "202611"})

    assert step(plan(cast.ana, story, channel="linkedin", now=now)).state == "published"

    sent = [
        request.headers.get("linkedin-version") for request in linkedin.requests if "/rest/" in request.path
    ]
    assert set(sent) == {"202611"}


@pytest.mark.parametrize("version", ["latest", "2026", "202613"])
def test_version_that_is_none_is_refused_beside_its_field(cast: Cast, now: datetime, version: str) -> None:
    with pytest.raises(Refusal) as refusal:
        set_network(by=cast.driss, network="linkedin", is_on=False, facts={"version": version}, now=now)

    assert refusal.value.field == "version"


def test_version_is_warned_about_sixty_days_before_its_end(cast: Cast, now: datetime) -> None:
    offer = keys.offer_of(cast.atlas.pk, "linkedin")
    assert offer is not None
    version = keys.version_of(offer, now.date())
    assert version is not None

    assert not keys.version_of(offer, version.ends_on - timedelta(days=60)).ends_soon  # type: ignore[union-attr]
    assert keys.version_of(offer, version.ends_on - timedelta(days=59)).ends_soon  # type: ignore[union-attr]


# --- one network's trouble -----------------------------------------------------------------------------------------
def test_network_that_is_down_holds_only_itself(
    cast: Cast, settings: Any, travel: time_machine.Traveller, now: datetime
) -> None:
    with FakeAgora() as agora, FakeMastodon() as mastodon:
        play(settings, agora, mastodon)
        agora.plan(*[says(503)] * 9, on=".*")
        posts = []
        for person, network, fake in ((cast.ana, "dummy", agora), (cast.noor, "mastodon", mastodon)):
            connect(person, now=now, network=network, grant=_of(fake), host=_host(fake), server=_host(fake))
            story = make_published_story(cast.ines, now=now, title=network)
            posts.append(plan(person, story, channel=network, now=now))

        held, published = (step(post) for post in posts)

    assert published.state == "published"
    assert held.state == "unknown"
    assert held.due_at > now


def _of(fake: FakeNetwork) -> Any:
    return replace(fake.grant(), expires_at=None)


def _host(fake: FakeNetwork) -> str:
    return fake.hosts[0] if isinstance(fake, FakeMastodon) else ""


def test_server_that_is_down_holds_only_itself(cast: Cast, now: datetime) -> None:
    down = connect(cast.ana, now=now, network="bluesky", server="https://pds.example")
    up = connect(cast.noor, now=now, network="bluesky", server="https://bsky.example")

    for attempt in range(3):
        holds.note_wait(down, TryLater(), attempt, now)

    assert holds.held_until(down, now) is not None
    assert holds.held_until(up, now) is None


# --- clocks that change --------------------------------------------------------------------------------------------
def test_planned_post_stays_at_its_hour_when_a_country_changes_its_mind(
    cast: Cast, agora: FakeAgora, story: Story, now: datetime
) -> None:
    connect(cast.ana, now=now)
    wall = datetime(2026, 12, 3, 9, 0)
    post = plan(cast.ana, story, now=now, when=When(Kind.CHOSEN, wall))
    # As if an older edition had believed that Casablanca would be an hour ahead by then.
    wrong = post.scheduled_at - timedelta(hours=1)
    Post.objects.filter(pk=post.pk).update(tzdata="2020a", scheduled_at=wrong, due_at=wrong)

    moved = plan_by_new_zones(now=now, edition=clock.tzdata_version())

    post.refresh_from_db()
    assert moved == 1
    assert (post.wall_at, post.reason) == ("2026-12-03T09:00", "zone_changed")
    assert post.due_at == post.scheduled_at == wrong + timedelta(hours=1)
    assert Notice.objects.get().kind == "post_moved"
    assert plan_by_new_zones(now=now, edition=clock.tzdata_version()) == 0


def test_post_that_an_edition_does_not_move_is_only_marked(
    cast: Cast, agora: FakeAgora, story: Story, now: datetime
) -> None:
    connect(cast.ana, now=now)
    post = plan(cast.ana, story, now=now, when=When(Kind.CHOSEN, datetime(2026, 12, 3, 9, 0)))
    Post.objects.update(tzdata="2020a")

    assert plan_by_new_zones(now=now, edition=clock.tzdata_version()) == 0

    post.refresh_from_db()
    assert post.tzdata == clock.tzdata_version()
    assert not Notice.objects.exists()


# --- what a story adds ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (
            "https://www.linkedin.com/feed/update/urn:li:share:7123456789012345678/",
            "urn:li:share:7123456789012345678",
        ),
        ("urn:li:ugcPost:7123456789012345678", "urn:li:ugcPost:7123456789012345678"),
        ("", ""),
    ],
)
def test_company_s_post_is_kept_by_its_name(cast: Cast, now: datetime, typed: str, kept: str) -> None:
    story = make_story(cast.ines, now=now)

    save_story(story=story, person=cast.ines, changes={"company_post": typed}, now=now)

    story.refresh_from_db()
    assert story.company_post == kept


def test_company_s_post_is_passed_on_with_the_person_s_words(
    cast: Cast, linkedin: FakeLinkedIn, now: datetime
) -> None:
    urn = "urn:li:share:7123456789012345678"
    set_network(
        by=cast.driss, network="linkedin", is_on=True, client_id=LINKEDIN, client_secret=SECRET, now=now
    )
    connect(cast.ana, now=now, network="linkedin", grant=linkedin.grant())
    story = make_published_story(cast.ines, now=now)
    Story.objects.filter(pk=story.pk).update(company_post=urn)
    story.refresh_from_db()

    step(plan(cast.ana, story, channel="linkedin", now=now))

    sent = next(request.json() for request in linkedin.requests if request.line == "POST /rest/posts")
    assert sent["reshareContext"] == {"parent": urn}
