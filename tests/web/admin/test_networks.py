"""Networks and work, as an administrator sees them."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from cast import Cast
from make_library import make_published_story
from make_posts import connect, plan, play
from networks.fakes.agora import FakeAgora
from networks.fakes.linkedin import CLIENT, FakeLinkedIn
from networks.fakes.server import SECRET
from portevoix.core import clock
from portevoix.core.engines import signs
from portevoix.links.models import SegmentProgress
from portevoix.networks.bluesky.sign_in import BlueskySignIn
from portevoix.people.actions.invitations import invite_person
from portevoix.people.models import Invitation, Person, TrailEntry
from portevoix.sharing import registrations
from portevoix.sharing.models import NetworkSetting, Post
from portevoix.web.templatetags.controls import is_optional

Browse = Callable[[Person], Client]
KEYS = {"is_on": "on", "client_id": CLIENT, "client_secret": SECRET}


@pytest.fixture
def linkedin(settings: Any, travel: object) -> Iterator[FakeLinkedIn]:
    with FakeLinkedIn() as network:
        play(settings, network)
        yield network


# --- networks ------------------------------------------------------------------------------------------------------
def test_keys_are_kept_and_the_secret_is_never_shown_again(
    cast: Cast, browse: Browse, linkedin: FakeLinkedIn
) -> None:
    client = browse(cast.driss)

    answer = client.post("/admin/networks/linkedin", KEYS, follow=True)

    pages = answer.content.decode() + client.get("/admin/networks/linkedin").content.decode()
    assert NetworkSetting.objects.get().is_on
    assert CLIENT in pages
    assert SECRET not in pages


def test_keys_that_a_network_wants_are_not_called_optional(
    cast: Cast, browse: Browse, linkedin: FakeLinkedIn
) -> None:
    client = browse(cast.driss)
    fields = client.get("/admin/networks/linkedin").context["form"]
    assert [field.name for field in fields if is_optional(field)] == ["version"]

    client.post("/admin/networks/linkedin", KEYS)
    fields = client.get("/admin/networks/linkedin").context["form"]
    assert [field.name for field in fields if is_optional(field)] == ["client_secret", "version"]


def test_wrong_keys_are_said_beside_the_field(cast: Cast, browse: Browse, linkedin: FakeLinkedIn) -> None:
    answer = browse(cast.driss).post("/admin/networks/linkedin", {**KEYS, "client_secret": "wrong"})

    assert answer.status_code == 422
    assert "wrong" not in answer.content.decode()
    assert "LinkedIn" in answer.context["form"].errors["client_secret"][0]


def test_version_that_ends_soon_is_said_on_both_pages(
    cast: Cast, browse: Browse, linkedin: FakeLinkedIn, travel: time_machine.Traveller
) -> None:
    client = browse(cast.driss)
    client.post("/admin/networks/linkedin", {**KEYS, "version": "202512"})

    for address in ("/admin/networks", "/admin/networks/linkedin"):
        assert "15 décembre 2026" in client.get(address).content.decode()
    client.post("/admin/networks/linkedin", {**KEYS, "version": ""})
    assert "15 décembre 2026" not in client.get("/admin/networks").content.decode()


def test_address_to_come_back_to_is_there_to_copy(cast: Cast, browse: Browse, settings: Any) -> None:
    settings.PUBLIC_ADDRESS = "https://parler.atlas.example"

    page = browse(cast.driss).get("/admin/networks/linkedin").content.decode()

    assert "https://parler.atlas.example/me/accounts/linkedin/callback" in page


def test_forgotten_keys_close_the_network(cast: Cast, browse: Browse, linkedin: FakeLinkedIn) -> None:
    client = browse(cast.driss)
    client.post("/admin/networks/linkedin", KEYS)

    client.post("/admin/networks/linkedin/forget")

    row = NetworkSetting.objects.get()
    assert (row.sealed, row.is_on) == ("", False)


@pytest.mark.parametrize(("typed", "cents"), [("12.50", 1250), ("0", 0), ("", None)])
def test_budget_is_kept_in_cents(
    cast: Cast, browse: Browse, travel: object, typed: str, cents: int | None
) -> None:
    answer = browse(cast.driss).post("/admin/networks/x", {"budget": typed})

    assert answer.status_code == 302
    assert NetworkSetting.objects.get().budget_cents == (cents or 0)


@pytest.mark.parametrize("typed", ["-1", "100001", "beaucoup", "1e9"])
def test_budget_that_is_none_is_refused(cast: Cast, browse: Browse, travel: object, typed: str) -> None:
    answer = browse(cast.driss).post("/admin/networks/x", {"budget": typed})

    assert answer.status_code == 422
    assert not NetworkSetting.objects.exists()


# --- who we are, for networks where nobody registers ---------------------------------------------------------------
def test_installation_describes_itself_to_bluesky(db: None, settings: Any) -> None:
    settings.PUBLIC_ADDRESS = "https://parler.atlas.example"

    assert Client().get("/oauth/bluesky/jwks.json").json() == {"keys": []}  # nobody signed in there yet
    registrations.own_keys("bluesky", BlueskySignIn(), clock.now())

    described = Client().get("/oauth/bluesky/client.json").json()
    keys = Client().get("/oauth/bluesky/jwks.json").json()

    assert described["client_id"] == "https://parler.atlas.example/oauth/bluesky/client.json"
    assert described["jwks_uri"] == "https://parler.atlas.example/oauth/bluesky/jwks.json"
    assert described["redirect_uris"] == ["https://parler.atlas.example/me/accounts/bluesky/callback"]
    assert [("d" in key, key["alg"]) for key in keys["keys"]] == [(False, "ES256")]


@pytest.mark.parametrize("network", ["mastodon", "linkedin", "nobody"])
def test_installation_describes_itself_to_no_other_network(db: None, network: str) -> None:
    for name in ("client", "jwks"):
        assert Client().get(f"/oauth/{network}/{name}.json").status_code == 404


# --- work ----------------------------------------------------------------------------------------------------------
def test_work_says_what_waits_runs_and_failed(cast: Cast, browse: Browse, now: datetime) -> None:
    row = invite_person(by=cast.marc, email="new@atlas.example", now=now)
    Invitation.objects.filter(pk=row.pk).update(last_error="the mail server is away", attempts=3)

    page = browse(cast.driss).get("/admin/work").content.decode()

    assert "the mail server is away" in page
    assert "Aucun processus n’est actif" in page


def test_worker_that_is_alive_is_shown(cast: Cast, browse: Browse, travel: object) -> None:
    signs.Sign("embedded").show()

    page = browse(cast.driss).get("/admin/work").content.decode()

    assert signs.process_name() in page


def test_lost_clicks_are_shown(cast: Cast, browse: Browse, now: datetime) -> None:
    client = browse(cast.driss)
    before = client.get("/admin/work").content.decode()
    for segment, lost in (("a.clicks", 1200), ("b.clicks", 3), ("c.clicks", 0)):
        SegmentProgress.objects.create(segment=segment, lost_count=lost, judged_at=now)

    after = client.get("/admin/work").content.decode()

    assert ("tous été enregistrés" in before, "tous été enregistrés" in after) == (True, False)
    assert "1 203 clics n’ont pas pu être enregistrés" in after.replace("\u202f", " ").replace("\xa0", " ")


def test_what_failed_is_tried_again_and_written_in_the_trail(
    cast: Cast, browse: Browse, travel: object, now: datetime
) -> None:
    row = invite_person(by=cast.marc, email="new@atlas.example", now=now)
    then = now + timedelta(hours=1)
    Invitation.objects.filter(pk=row.pk).update(last_error="no answer", due_at=then)

    browse(cast.driss).post("/admin/work/retry", {"kind": "people.invitation", "row": row.code})

    row.refresh_from_db()
    assert row.due_at is not None
    assert row.due_at < then
    assert TrailEntry.objects.filter(act="retry_work").count() == 1


def test_post_is_never_tried_again_by_hand(
    cast: Cast, browse: Browse, settings: Any, travel: object, now: datetime
) -> None:
    with FakeAgora() as agora:
        play(settings, agora)
        connect(cast.ana, now=now)
        post = plan(cast.ana, make_published_story(cast.ines, now=now), now=now)
        Post.objects.filter(pk=post.pk).update(last_error="asked_to_wait", due_at=now + timedelta(hours=1))

        browse(cast.driss).post("/admin/work/retry", {"kind": "sharing.post", "row": post.code})

    post.refresh_from_db()
    assert post.due_at == now + timedelta(hours=1)


def test_work_of_another_organisation_is_nowhere(cast: Cast, browse: Browse, now: datetime) -> None:
    row = invite_person(by=cast.marc, email="new@atlas.example", now=now)
    Invitation.unscoped.filter(pk=row.pk).update(organisation=cast.other, last_error="of the others")

    client = browse(cast.driss)

    assert "of the others" not in client.get("/admin/work").content.decode()
    answer = client.post("/admin/work/retry", {"kind": "people.invitation", "row": row.code})
    assert answer.status_code == 404
