"""Mastodon and servers that speak as it does, each with its own manners."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.fakes.mastodon import (
    HOST,
    MASTODON,
    OLDER,
    SERVER_A,
    SERVER_B,
    FakeMastodon,
    Style,
    as_html,
    parts_of,
)
from networks.fakes.server import NOW, TOKEN, Request, breaks, says
from portevoix.networks.contract import Attachment, Draft, Limits, Unit
from portevoix.networks.direct import Finding, Key, Media, Published
from portevoix.networks.failures import (
    Absent,
    Disconnected,
    NetworkFailure,
    OutcomeUnknown,
    PrepareAgain,
    Refused,
    SignInAgain,
    TryLater,
)
from portevoix.networks.mastodon import media
from portevoix.networks.mastodon.content import holds_link
from portevoix.networks.mastodon.limits import limits_in
from portevoix.networks.mastodon.publisher import MastodonPublisher
from portevoix.networks.mastodon.sign_in import MastodonSignIn

URL = "https://go.acme.example/r/Ab3dE"
DRAFT = Draft("Nous recrutons & formons #emploi", URL, language="fr", disclosure="Je travaille chez Acme")
KEY = Key("Sh4reC0de", NOW - 60)
SIGN_IN, PUBLISHER = MastodonSignIn(), MastodonPublisher()
EVERY_STYLE = {"mastodon": MASTODON, "older": OLDER, "server a": SERVER_A, "server b": SERVER_B}


@pytest.fixture
def mastodon() -> Iterator[FakeMastodon]:
    with FakeMastodon() as network:
        assert isinstance(network, FakeMastodon)
        yield network


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "PAUSE_SECONDS", 0.001)


@pytest.fixture(params=EVERY_STYLE.values(), ids=EVERY_STYLE)
def server(request: pytest.FixtureRequest) -> Iterator[FakeMastodon]:
    """Each server in turn."""
    with FakeMastodon(style=request.param) as network:
        assert isinstance(network, FakeMastodon)
        yield network


def load(code: str) -> Media:
    kind = "text/plain" if code == "words" else "image/jpeg"
    return Media(b"\xff\xd8--\r\n" + code.encode(), kind, alt="Une photo")


def published(mastodon: FakeMastodon, draft: Draft = DRAFT, key: Key = KEY) -> Published:
    frozen = PUBLISHER.freeze(draft, key)
    prepared = PUBLISHER.prepare(frozen, mastodon.grant(), load, mastodon.wire())
    return PUBLISHER.publish(frozen, prepared, mastodon.grant(), mastodon.wire())


def found(mastodon: FakeMastodon, draft: Draft = DRAFT, key: Key = KEY) -> Published | Finding:
    return PUBLISHER.find(PUBLISHER.freeze(draft, key), {}, mastodon.grant(), mastodon.wire())


def refusal(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as why:
        act()
    return why.value


# --- the fake is what was measured -------------------------------------------------------------------------------------
@pytest.mark.parametrize(("style", "count"), [(MASTODON, 1), (SERVER_A, 2), (SERVER_B, 1)])
def test_key_sent_twice_makes_as_many_posts_as_measured(style: Style, count: int) -> None:
    with FakeMastodon(style=style) as server:
        for _try in range(2):
            published(server)  # type: ignore[arg-type]

        assert len(server.shown()) == count


@pytest.mark.parametrize(("style", "count"), [(MASTODON, 1), (SERVER_B, 4)])
def test_key_sent_at_once_makes_as_many_posts_as_measured(style: Style, count: int) -> None:
    race = threading.Barrier(4) if style.keys == "racy" else None
    with FakeMastodon(style=style, race=race) as server:
        threads = [threading.Thread(target=published, args=[server]) for _ in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

        assert len(server.shown()) == count


@pytest.mark.parametrize(
    ("style", "is_kept_for_later"), [(MASTODON, True), (SERVER_A, False), (SERVER_B, False)]
)
def test_time_asked_for_is_kept_or_forgotten_as_measured(style: Style, is_kept_for_later: bool) -> None:
    with FakeMastodon(style=style) as server:
        data = {"status": "Demain", "scheduled_at": "2026-12-01T09:00:00Z"}
        headers = {"Authorization": f"Bearer {TOKEN}"}

        server.wire().write("POST", f"https://{HOST}/api/v1/statuses", headers=headers, data=data)

        assert (server.shown() == []) == is_kept_for_later


@pytest.mark.parametrize(
    ("style", "status", "count"), [(MASTODON, 422, 0), (SERVER_A, 400, 0), (SERVER_B, 200, 1)]
)
def test_endless_text_is_refused_or_taken_as_measured(style: Style, status: int, count: int) -> None:
    with FakeMastodon(style=style) as server:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        url = f"https://{HOST}/api/v1/statuses"

        answer = server.wire().write("POST", url, headers=headers, data={"status": "a" * 10_001})

        assert (answer.status, len(server.shown())) == (status, count)


def test_false_in_a_form_is_refused_as_measured_and_we_send_none() -> None:
    with FakeMastodon(style=SERVER_B) as server:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        form = {"status": "Bonjour", "sensitive": "false"}
        refused = server.wire().write("POST", f"https://{HOST}/api/v1/statuses", headers=headers, form=form)

        assert published(server).post_id == server.shown()[0].post_id  # type: ignore[arg-type]
        assert refused.status == 422


# --- publishing --------------------------------------------------------------------------------------------------------
def test_post_is_public_in_its_language_and_has_its_key(mastodon: FakeMastodon) -> None:
    published(mastodon, replace(DRAFT, language="pt-BR"))

    request = mastodon.requests[-1]
    assert request.json() == {
        "status": f"Je travaille chez Acme\nNous recrutons & formons #emploi\n\n{URL}",
        "visibility": "public",
        "language": "pt",
    }
    assert request.headers["content-type"] == "application/json"
    assert request.headers["idempotency-key"] == KEY.code


def test_post_is_published_whole_at_every_server(server: FakeMastodon) -> None:
    picture = Attachment("stand", alt="Le stand, à Rabat")

    where = published(server, replace(DRAFT, pictures=(picture,)))

    kept = server.statuses[where.post_id]
    assert kept["text"] == PUBLISHER.posted_text(DRAFT)
    assert where.url == f"https://{HOST}/@ana/{where.post_id}"
    assert [server.media[one]["alt"] for one in kept["media"]] == ["Le stand, à Rabat"]
    assert server.media[kept["media"][0]]["content"] == load("stand").content


def test_answer_lost_is_found_at_every_server(server: FakeMastodon) -> None:
    server.plan(breaks())

    with pytest.raises(OutcomeUnknown):
        published(server)

    where = found(server)
    assert isinstance(where, Published)
    assert [one.post_id for one in server.shown()] == [where.post_id]


def test_picture_is_waited_for(mastodon: FakeMastodon) -> None:
    mastodon.works_on_pictures = 3

    published(mastodon, replace(DRAFT, pictures=(Attachment("stand"),)))

    assert mastodon.lines().count("GET /api/v1/media/22348641") == 4
    assert mastodon.media["22348641"]["alt"] == "Une photo"


def test_picture_is_not_waited_for_for_ever(mastodon: FakeMastodon) -> None:
    mastodon.works_on_pictures = 1000

    with pytest.raises(TryLater):
        published(mastodon, replace(DRAFT, pictures=(Attachment("stand"),)))
    assert mastodon.shown() == []


def test_picture_that_the_server_does_not_take_is_refused(mastodon: FakeMastodon) -> None:
    why = refusal(lambda: published(mastodon, replace(DRAFT, pictures=(Attachment("words"),))))

    assert why.reason == "picture_refused"
    assert "content type is invalid" in why.detail


def test_picture_that_is_gone_is_uploaded_again(mastodon: FakeMastodon) -> None:
    frozen = PUBLISHER.freeze(replace(DRAFT, pictures=(Attachment("stand"),)), KEY)

    for prepared in ({"media_ids": ["404"]}, {}):
        with pytest.raises(PrepareAgain):
            PUBLISHER.publish(frozen, prepared, mastodon.grant(), mastodon.wire())


def test_refusal_that_is_not_about_pictures_is_a_refusal(mastodon: FakeMastodon) -> None:
    draft = replace(DRAFT, text="a" * 900, pictures=(Attachment("stand"),))

    assert refusal(lambda: published(mastodon, draft)).detail.endswith("limit of 500 exceeded")


@given(content=st.binary(max_size=200), description=st.text(max_size=60))
def test_picture_travels_unchanged_whatever_is_in_it(content: bytes, description: str) -> None:
    picture = Media(content, "image/png")
    body = media.form_with_file("0123456789abcdef", picture, description)
    kind = "multipart/form-data; boundary=0123456789abcdef"

    parts = parts_of(Request("POST", "/", {}, {"content-type": kind}, body))

    assert parts["file"].get_payload(decode=True) == content
    if description:
        assert parts["description"].get_payload(decode=True) == description.encode(errors="replace")


def test_too_many_pictures_are_said() -> None:
    draft = replace(DRAFT, pictures=tuple(Attachment(str(number)) for number in range(5)))

    problems = PUBLISHER.problems(draft, PUBLISHER.composer.network.limits)

    assert [one.code for one in problems] == ["too_many_pictures"]


# --- looking -----------------------------------------------------------------------------------------------------------
@given(
    words=st.text(max_size=40),
    after=st.text(alphabet=" \n.,;)”»", max_size=3),
    path=st.from_regex(r"[a-zA-Z0-9]{5}", fullmatch=True),
)
def test_link_is_seen_through_the_html_that_servers_make(words: str, after: str, path: str) -> None:
    link = f"https://go.acme.example/r/{path}"

    assert holds_link({"content": as_html(f"{words} {link}{after}")}, link)
    assert not holds_link({"content": as_html(words)}, link)


@pytest.mark.parametrize(
    "status",
    [
        {"content": f'<p>Lisez <a href="{URL}?a=1&amp;b=2">ici</a></p>'},
        {"content": "<p>https://<wbr>go.acme.example/r/Ab3dE?a=1&amp;b=2</p>"},
        {"content": "<p>Lisez</p>", "card": {"url": f"{URL}?a=1&b=2"}},
        {"content": f"<p>{URL}?a=1&amp;b=2"},
    ],
)
def test_link_is_seen_wherever_a_server_puts_it(status: dict[str, Any]) -> None:
    assert holds_link(status, f"{URL}?a=1&b=2")


@pytest.mark.parametrize("status", [{}, {"content": None}, {"content": "<"}, {"content": "", "card": "x"}])
def test_link_is_not_seen_where_there_is_none(status: dict[str, Any]) -> None:
    assert not holds_link(status, URL)


def test_post_is_found_beyond_the_first_page(mastodon: FakeMastodon) -> None:
    mastodon.page_size = 3
    where = published(mastodon)
    for number in range(7):
        mastodon.published_at(NOW + number, f"Autre {number}")

    assert found(mastodon) == where
    assert len([one for one in mastodon.requests if "limit" in one.query]) == 3


def test_post_is_not_looked_for_before_its_approval(mastodon: FakeMastodon) -> None:
    mastodon.page_size = 2
    for hour in range(10, 0, -1):
        mastodon.published_at(NOW - hour * 3600, f"Il y a {hour} heures")

    assert found(mastodon) is Finding.ABSENT
    assert len(mastodon.requests) == 1


def test_post_of_another_share_is_not_taken_for_this_one(mastodon: FakeMastodon) -> None:
    published(mastodon, replace(DRAFT, url="https://go.acme.example/r/0ther"), Key("0ther", NOW))

    assert found(mastodon) is Finding.ABSENT


def test_too_many_posts_to_look_through_is_for_the_person(mastodon: FakeMastodon) -> None:
    mastodon.page_size = 2
    published(mastodon)
    for number in range(12):
        mastodon.published_at(NOW + number, f"Autre {number}")

    assert found(mastodon) is Finding.CANNOT_TELL


def test_server_that_gives_the_same_page_again_is_not_believed(mastodon: FakeMastodon) -> None:
    page = says(200, [{"id": "7", "content": "<p>Autre</p>", "created_at": "2026-11-30T09:00:00.000Z"}])
    mastodon.plan(page, page, on="GET .*")

    assert found(mastodon) is Finding.CANNOT_TELL


@pytest.mark.parametrize(
    ("said", "post"),
    [
        ({"id": "1" * 501, "url": "https://social.example/1"}, Published("", "https://social.example/1")),
        ({"id": "1\x00", "url": "javascript:alert(1)"}, Published("1")),
        ({"id": 7, "url": "", "uri": "http://social.example/7"}, Published("7")),
        ({"id": "7", "url": "https://social.example/" + "7" * 1000}, Published("7")),
    ],
)
def test_published_post_is_named_by_what_can_be_kept(
    mastodon: FakeMastodon, said: dict[str, Any], post: Published
) -> None:
    """It is there, whatever the server calls it: it is never taken for lost, nor sent again."""
    mastodon.plan(says(200, said))

    assert published(mastodon) == post


def test_figures_beyond_all_reason_are_left_out(mastodon: FakeMastodon) -> None:
    figures = {
        "favourites_count": 2**53 + 1,
        "reblogs_count": 10**400,
        "replies_count": -1,
        "quotes_count": 2**53,
    }
    mastodon.plan(says(200, {"id": "1", **figures}), on="GET .*")

    assert PUBLISHER.read_figures("1", mastodon.grant(), mastodon.wire()) == {"quotes": 2**53}


def test_post_without_a_link_is_for_the_person(mastodon: FakeMastodon) -> None:
    assert found(mastodon, replace(DRAFT, url="")) is Finding.CANNOT_TELL


def test_page_that_is_no_list_is_asked_again_later(mastodon: FakeMastodon) -> None:
    mastodon.plan(says(200, {"error": "no"}), on="GET .*")

    with pytest.raises(TryLater):
        found(mastodon)


# --- limits, figures, refusals -----------------------------------------------------------------------------------------
def test_limits_are_those_of_the_server(server: FakeMastodon) -> None:
    limits = PUBLISHER.read_limits(server.grant(), server.wire())

    assert limits == Limits(server.style.longest or 100_000, Unit.SHORT_LINKS, 23)
    long = replace(DRAFT, text="a" * 600)
    codes = [one.code for one in PUBLISHER.problems(long, limits)]
    assert codes == (["too_long"] if server.style.longest else [])


def test_limits_are_the_usual_ones_where_a_server_says_nothing() -> None:
    with FakeMastodon(style=Style(instance="")) as server:
        assert PUBLISHER.read_limits(server.grant(), server.wire()) is None


@pytest.mark.parametrize(
    ("described", "limits"),
    [
        (
            {"configuration": {"statuses": {"max_characters": 5000, "characters_reserved_per_url": 30}}},
            Limits(5000, Unit.SHORT_LINKS, 30),
        ),
        ({"max_toot_chars": 5000}, Limits(5000, Unit.SHORT_LINKS, 23)),
        ({"configuration": {"statuses": {"max_characters": "500"}}}, None),
        ({"configuration": {"statuses": {"max_characters": 0}}}, None),
        ({"configuration": {"statuses": {"max_characters": True}}}, None),
        ({"configuration": []}, None),
        ({}, None),
    ],
)
def test_limits_are_read_from_what_servers_write(described: dict[str, Any], limits: Limits | None) -> None:
    assert limits_in(described) == limits


def test_figures_are_what_the_server_counts(mastodon: FakeMastodon) -> None:
    where = published(mastodon)

    assert PUBLISHER.read_figures(where.post_id, mastodon.grant(), mastodon.wire()) == {
        "likes": 3, "reposts": 2, "replies": 1,
    }  # fmt: skip
    mastodon.plan(says(200, {"id": where.post_id, "favourites_count": 0, "quotes_count": 4}), on="GET .*")
    assert PUBLISHER.read_figures(where.post_id, mastodon.grant(), mastodon.wire()) == {
        "likes": 0,
        "quotes": 4,
    }


def test_post_that_its_author_took_off_is_absent(mastodon: FakeMastodon) -> None:
    with pytest.raises(Absent):
        PUBLISHER.read_figures("404", mastodon.grant(), mastodon.wire())


@pytest.mark.parametrize(
    ("status", "words", "failure"),
    [
        (401, "The access token was revoked", SignInAgain),
        (400, "The access token is invalid", SignInAgain),
        (400, "Unauthorized", SignInAgain),
        (403, "This action is outside the authorized scopes", SignInAgain),
        (422, "This method requires an authenticated user", SignInAgain),
        (403, "Your login is currently disabled", Disconnected),
        (403, "Your login is currently pending approval", Disconnected),
        (403, "Your login is missing a confirmed e-mail address", Disconnected),
        (403, "Your account has been suspended", Disconnected),
        (403, "This action is not allowed", Refused),
        (400, "Text is too long", Refused),
        (404, "Record not found", Refused),
        (422, "Validation failed: Text can't be blank", Refused),
        (503, "There was a temporary problem serving your request, please try again", OutcomeUnknown),
    ],
)
def test_refusals_mean_what_must_be_done(
    mastodon: FakeMastodon, status: int, words: str, failure: type[NetworkFailure]
) -> None:
    mastodon.plan(says(status, {"error": words}))

    with pytest.raises(failure) as why:
        published(mastodon)
    if isinstance(why.value, Refused):
        assert (why.value.reason, why.value.detail) == ("refused_by_network", words)


def test_wait_is_until_the_moment_that_the_server_names(mastodon: FakeMastodon) -> None:
    mastodon.plan(says(429, {"error": "Too many requests"}, X_RateLimit_Reset="2026-11-30T09:05:00.000000Z"))

    with pytest.raises(TryLater) as why:
        published(mastodon)
    assert why.value.seconds == 300
