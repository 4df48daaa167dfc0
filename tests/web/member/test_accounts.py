"""My accounts, my hours and a planned post, as a browser meets them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from agora_town import Town, account_of
from cast import Cast
from make_library import make_published_story
from make_posts import connect, plan, play, step
from networks.fakes.agora import FakeAgora
from networks.fakes.bluesky import APP_PASSWORD, HANDLE, MAIN_PASSWORD, FakeBluesky
from networks.fakes.server import breaks, says
from portevoix.library.models import Story
from portevoix.links.queries import readable_address
from portevoix.people.models import Person
from portevoix.sharing import queries
from portevoix.sharing.actions.accounts import disconnect_account
from portevoix.sharing.models import ConnectedAccount, Post, PostingHour
from portevoix.sharing.states import PostState
from portevoix.sharing.timing import Kind, When
from portevoix.web.member import post_words

Browse = Callable[[Person], Client]
LATER = When(Kind.CHOSEN, datetime(2026, 12, 3, 9, 0))


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    return make_published_story(cast.ines, now=now, title="Une laiterie au soleil")


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


# --- connecting ----------------------------------------------------------------------------------------------------
def test_account_is_connected_from_end_to_end(cast: Cast, browse: Browse, town: Town) -> None:
    client = browse(cast.ana)
    assert "Agora" in page(client, "/me/accounts")
    asked = client.post("/me/accounts/dummy")
    _status, headers, _page = town.consent(
        asked.headers["Location"], answer="accept", account=account_of(town.agora).id
    )
    back = urlsplit(headers["Location"])

    came = client.get(f"{back.path}?{back.query}")
    shown = page(client, came.headers["Location"])
    client.post(came.headers["Location"], {"answer": "yes"})

    assert asked.status_code == 303
    assert "@ana.belkadi" in shown
    assert "Connecté depuis" in page(client, "/me/accounts")
    account = queries.account_on(cast.ana, "dummy")
    assert account is not None
    client.post(f"/me/connected/{account.code}/disconnect")
    assert queries.account_on(cast.ana, "dummy") is None


def test_a_no_keeps_nothing(cast: Cast, browse: Browse, town: Town) -> None:
    client = browse(cast.ana)
    asked = client.post("/me/accounts/dummy")
    _status, headers, _page = town.consent(
        asked.headers["Location"], answer="accept", account=account_of(town.agora).id
    )
    back = urlsplit(headers["Location"])
    came = client.get(f"{back.path}?{back.query}")

    client.post(came.headers["Location"], {"answer": "no"})

    assert not ConnectedAccount.objects.exists()


def test_callback_without_a_log_in_leads_to_the_sign_in(cast: Cast, browse: Browse, town: Town) -> None:
    asked = browse(cast.ana).post("/me/accounts/dummy")
    state = dict(parse_qsl(urlsplit(asked.headers["Location"]).query))["state"]

    answer = Client().get("/me/accounts/dummy/callback", {"state": state, "code": "c"})

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")


def test_callback_in_another_browser_is_refused_in_words(cast: Cast, browse: Browse, town: Town) -> None:
    asked = browse(cast.ana).post("/me/accounts/dummy")
    state = dict(parse_qsl(urlsplit(asked.headers["Location"]).query))["state"]
    other = browse(cast.ana)

    answer = other.get("/me/accounts/dummy/callback", {"state": state, "code": "c"}, follow=True)

    assert "dans ce navigateur" in answer.content.decode()
    assert not ConnectedAccount.objects.exists()


def test_permissions_and_promises_are_said_before_anything_is_asked(
    cast: Cast, browse: Browse, town: Town
) -> None:
    shown = page(browse(cast.ana), "/me/accounts/mastodon")

    assert "Retirer une publication" in shown
    assert "ne fait jamais" in shown


def test_account_that_is_connected_already_is_named_before_another_sign_in(
    cast: Cast, browse: Browse, town: Town, now: datetime
) -> None:
    client = browse(cast.ana)
    assert "est déjà connecté" not in page(client, "/me/accounts/mastodon")

    connect(cast.ana, now=now, network="mastodon")

    assert "<bdi>@ana</bdi> est déjà connecté" in page(client, "/me/accounts/mastodon")


def test_server_that_is_none_is_said_beside_its_field(cast: Cast, browse: Browse, travel: object) -> None:
    answer = browse(cast.ana).post("/me/accounts/mastodon", {"typed": "no server"})

    assert answer.status_code == 422
    assert 'value="no server"' in answer.content.decode()


@pytest.mark.parametrize(("password", "status"), [(APP_PASSWORD, 302), (MAIN_PASSWORD, 422)])
def test_app_password_is_taken_and_never_shown_again(
    cast: Cast, browse: Browse, settings: Any, travel: object, password: str, status: int
) -> None:
    with FakeBluesky() as bluesky:
        play(settings, bluesky)

        answer = browse(cast.ana).post(
            "/me/accounts/bluesky/password", {"handle": HANDLE, "password": password}
        )

    assert answer.status_code == status
    assert password not in answer.content.decode()


def test_account_that_ends_soon_says_so_on_its_page_and_on_its_posts(
    cast: Cast, browse: Browse, agora: FakeAgora, story: Story, now: datetime
) -> None:
    connect(cast.ana, now=now, ends_at=now + timedelta(days=5))
    post = plan(cast.ana, story, now=now, when=LATER)
    client = browse(cast.ana)

    for address in ("/me/accounts", f"/shares/{post.share.code}/thanks"):
        assert "expire dans 5 jours" in page(client, address).replace("\xa0", " ")


def test_person_who_takes_no_part_is_sent_home(cast: Cast, browse: Browse) -> None:
    Person.objects.filter(pk=cast.ana.pk).update(participation="left")

    assert browse(cast.ana).get("/me/accounts").status_code == 302


# --- a planned post ------------------------------------------------------------------------------------------------
def test_sheet_plans_a_post_at_the_minute_that_was_chosen(
    cast: Cast, browse: Browse, agora: FakeAgora, story: Story, now: datetime
) -> None:
    connect(cast.ana, now=now)
    client = browse(cast.ana)
    sheet = page(client, f"/stories/{story.code}/share")
    token = sheet.split('name="token" value="')[1].split('"')[0]

    answer = client.post(
        f"/stories/{story.code}/share",
        {
            "token": token,
            "channel": "dummy",
            "text": "Hier, j’ai vu le toit.",
            "language": "fr",
            "how": "direct",
            "when": "chosen",
            "at": "2026-12-03T09:00",
        },
    )

    shown = page(client, answer.headers["Location"])
    assert "Prévue" in shown
    assert "3 décembre" in shown
    assert Post.objects.get().wall_at == "2026-12-03T09:00"


def test_planned_post_stands_on_the_card_and_among_the_results(
    cast: Cast, browse: Browse, agora: FakeAgora, story: Story, now: datetime
) -> None:
    connect(cast.ana, now=now)
    plan(cast.ana, story, now=now, when=LATER)
    client = browse(cast.ana)

    assert "Prévue" in page(client, "/")
    assert "Une laiterie au soleil" in page(client, "/results")


def test_post_is_moved_and_withdrawn(
    cast: Cast, browse: Browse, agora: FakeAgora, story: Story, now: datetime
) -> None:
    connect(cast.ana, now=now)
    post = plan(cast.ana, story, now=now, when=LATER)
    client = browse(cast.ana)

    client.post(f"/shares/{post.share.code}/move", {"when": "chosen", "at": "2026-12-04T10:30"})
    post.refresh_from_db()
    assert post.wall_at == "2026-12-04T10:30"
    refused = client.post(f"/shares/{post.share.code}/move", {"when": "chosen", "at": "2025-01-01T10:30"})
    assert refused.status_code == 422

    client.post(f"/shares/{post.share.code}/take-back")
    post.refresh_from_db()
    assert post.state == "withdrawn"


def test_question_is_asked_on_to_share_and_answered_in_one_tap(
    cast: Cast, browse: Browse, agora: FakeAgora, story: Story, now: datetime
) -> None:
    connect(cast.ana, now=now)
    post = plan(cast.ana, story, now=now)
    Post.objects.filter(pk=post.pk).update(state=PostState.NEEDS_PERSON, reason="network_cannot_tell")
    client = browse(cast.ana)

    assert "Une publication attend" in page(client, "/")
    assert "en ligne" in page(client, f"/shares/{post.share.code}/thanks")
    client.post(f"/shares/{post.share.code}/answer", {"answer": "online"})

    post.refresh_from_db()
    assert post.state == "published"
    assert "Une publication attend" not in page(client, "/")


def test_refused_move_keeps_what_was_typed_or_proposes_the_first_free_minute(
    cast: Cast, browse: Browse, agora: FakeAgora, story: Story, now: datetime
) -> None:
    connect(cast.ana, now=now)
    later = When(Kind.CHOSEN, datetime(2026, 11, 25, 12, 0))
    post = plan(cast.ana, story, now=now, when=later)
    other = make_published_story(cast.ines, now=now, title="Un autre toit")
    plan(cast.ana, other, now=now, when=When(Kind.CHOSEN, datetime(2026, 11, 25, 15, 0)))
    client, here = browse(cast.ana), f"/shares/{post.share.code}/move"

    past = client.post(here, {"when": "chosen", "at": "2026-11-20T08:00"})
    near = client.post(here, {"when": "chosen", "at": "2026-11-25T15:10"})

    assert 'value="2026-11-20T08:00"' in past.content.decode()
    assert 'value="2026-11-25T15:30"' in near.content.decode()
    assert client.get(here).status_code == 302


def test_take_off_asks_first_and_only_where_the_network_still_listens(
    cast: Cast, browse: Browse, agora: FakeAgora, story: Story, now: datetime
) -> None:
    account = connect(cast.ana, now=now)
    post = step(plan(cast.ana, story, now=now))
    client, here = browse(cast.ana), f"/shares/{post.share.code}/thanks"

    assert 'command="show-modal" commandfor="take-off"' in page(client, here)
    disconnect_account(account=account, now=now)
    assert 'command="show-modal" commandfor="take-off"' not in page(client, here)
    assert "Je l’ai supprimée" in page(client, here)


def test_withdrawn_post_leads_back_to_its_story(
    cast: Cast, browse: Browse, agora: FakeAgora, story: Story, now: datetime
) -> None:
    connect(cast.ana, now=now)
    post = plan(cast.ana, story, now=now, when=When(Kind.CHOSEN, datetime(2026, 11, 25, 12, 0)))
    client = browse(cast.ana)
    client.post(f"/shares/{post.share.code}/take-back")

    shown = page(client, f"/shares/{post.share.code}/thanks")

    assert "Rouvrir l’histoire" in shown
    assert story.title in shown
    assert "Les visites amenées" not in shown


def test_refused_handle_is_said_beside_the_handle(cast: Cast, browse: Browse, travel: object) -> None:
    client, form = browse(cast.ana), {"handle": "", "password": "abcd-efgh-ijkl-mnop"}

    answer = client.post("/me/accounts/bluesky/password", form)

    assert 'id="handle_error"' in answer.content.decode()
    assert 'id="app-password_error"' not in answer.content.decode()
    assert client.get("/me/accounts/bluesky/password").status_code == 302


def test_answer_that_cannot_be_obeyed_says_why(
    cast: Cast, browse: Browse, agora: FakeAgora, story: Story, now: datetime
) -> None:
    account = connect(cast.ana, now=now)
    post = plan(cast.ana, story, now=now)
    Post.objects.filter(pk=post.pk).update(state=PostState.NEEDS_PERSON, reason="network_cannot_tell")
    disconnect_account(account=account, now=now)
    client = browse(cast.ana)
    here = f"/shares/{post.share.code}"

    answer = client.post(f"{here}/answer", {"answer": "send"}, follow=True)
    assert "n’est plus connecté" in unescape(answer.content.decode())
    answer = client.post(f"{here}/take-back", follow=True)
    assert "Dites d’abord" in unescape(answer.content.decode())


def test_person_in_a_hurry_is_asked_to_wait(
    cast: Cast, browse: Browse, agora: FakeAgora, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"connect": "2/10m/key"}
    client = browse(cast.ana)

    statuses = [client.post("/me/accounts/dummy").status_code for _tap in range(3)]

    assert statuses == [303, 303, 422]


def test_published_post_has_its_link_and_the_network_s_figures_apart_from_ours(
    cast: Cast, browse: Browse, agora: FakeAgora, story: Story, now: datetime
) -> None:
    connect(cast.ana, now=now)
    post = step(plan(cast.ana, story, now=now))
    Post.objects.filter(pk=post.pk).update(figures={"likes": 3, "views": 1200}, figures_at=now)

    shown = page(browse(cast.ana), f"/shares/{post.share.code}/thanks")

    assert f'href="{readable_address(post.url)}"' in shown
    assert "1\u202f200 vues" in shown.replace("\xa0", " ")


@pytest.mark.parametrize("state", list(PostState))
def test_every_state_is_said_in_words(
    cast: Cast, browse: Browse, agora: FakeAgora, story: Story, now: datetime, state: PostState
) -> None:
    connect(cast.ana, now=now)
    post = plan(cast.ana, story, now=now)
    Post.objects.filter(pk=post.pk).update(
        state=state, due_at=now + timedelta(hours=3), scheduled_at=now + timedelta(hours=3)
    )

    answer = browse(cast.ana).get(f"/shares/{post.share.code}/thanks")

    assert answer.status_code == 200
    assert str(state) not in answer.content.decode().split("<h1")[1].split("</h1>")[0]


@pytest.mark.parametrize("fault", [says(403, {"error": "no"}), breaks(502)])
def test_post_that_did_not_go_out_gives_a_way_out(
    cast: Cast, browse: Browse, agora: FakeAgora, story: Story, now: datetime, fault: Any
) -> None:
    connect(cast.ana, now=now)
    agora.plan(fault)
    post = step(plan(cast.ana, story, now=now))

    shown = page(browse(cast.ana), f"/shares/{post.share.code}/thanks")

    assert ("autrement" in shown) == (post.state == "refused")


def test_page_of_a_post_asks_again_only_while_something_is_about_to_happen(
    cast: Cast, agora: FakeAgora, story: Story, now: datetime
) -> None:
    connect(cast.ana, now=now)
    post = plan(cast.ana, story, now=now, when=LATER)

    seconds = {}
    for state in PostState:
        post.state = state
        seconds[str(state)] = post_words.shown(post).poll_seconds

    moving = {"due", "sending", "deleting", "unknown", "reconciling"}
    assert {state for state, often in seconds.items() if often} == moving


# --- my hours ------------------------------------------------------------------------------------------------------
def test_hours_are_chosen_and_brought_back_to_ours(cast: Cast, browse: Browse, travel: object) -> None:
    client = browse(cast.ana)
    assert page(client, "/me/hours").count('type="time"') == 3

    client.post("/me/hours", {"day": ["0", "3", "1"], "time": ["08:30", "12:15", ""]})
    assert [(row.weekday, row.minute) for row in PostingHour.objects.order_by("weekday")] == [
        (0, 510),
        (3, 735),
    ]

    client.post("/me/hours", {"day": ["0"], "time": [""]})
    assert not PostingHour.objects.exists()
    assert len(queries.slots_of(cast.ana)) == 2


@pytest.mark.parametrize(
    "typed",
    [
        {"day": ["0", "0"], "time": ["08:30", "08:45"]},
        {"day": ["9"], "time": ["08:30"]},
        {"day": ["0"], "time": ["25:00"]},
        {"day": ["0"], "time": ["soon"]},
        {"day": ["0", "1"], "time": ["08:30"]},
        {"day": ["0"], "time": ["9" * 5000 + ":30"]},
        {"day": [str(n % 7) for n in range(8)], "time": [f"{n + 8:02}:00" for n in range(8)]},
    ],
)
def test_hours_that_make_no_sense_are_refused_and_kept_on_the_page(
    cast: Cast, browse: Browse, travel: object, typed: dict[str, list[str]]
) -> None:
    answer = browse(cast.ana).post("/me/hours", typed)

    assert answer.status_code == 422
    assert not PostingHour.objects.exists()
