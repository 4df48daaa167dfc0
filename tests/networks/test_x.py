"""What is particular to X: its published schema, prices, links beside the text, windows of limits, token families."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from xdk import schemas

from networks.fakes.server import NOW, says
from networks.fakes.x import USER, FakeX
from networks.publishing_conformance import CARDED, DRAFT, KEY, URL, Case, load
from portevoix.networks.contract import Attachment, Draft
from portevoix.networks.direct import Finding, Media, Published
from portevoix.networks.failures import (
    Absent,
    Disconnected,
    Duplicate,
    NetworkFailure,
    OperatorMust,
    OutcomeUnknown,
    PrepareAgain,
    Refused,
    Scope,
    SignInAgain,
    TryLater,
)
from portevoix.networks.x import prices
from portevoix.networks.x.composer import X
from portevoix.networks.x.publisher import XPublisher
from portevoix.networks.x.sign_in import XSignIn

PUBLISHER, SIGN_IN = XPublisher(), XSignIn()
PICTURES = (Attachment("one", alt="Une équipe"), Attachment("two"))


@pytest.fixture
def x() -> Iterator[FakeX]:
    with FakeX() as network:
        yield network


def case_of(network: FakeX, draft: Draft = DRAFT) -> Case:
    return Case(PUBLISHER, network).ready(draft)


def strictly(model: type[BaseModel], body: dict[str, Any]) -> None:
    """Holds a body against X's own schema, which must also name every field of it."""
    assert unknown_in(model.model_validate(body)) == []


def unknown_in(found: object) -> list[str]:
    """The fields that a model does not name, here and below."""
    if isinstance(found, list):
        return [name for one in found for name in unknown_in(one)]
    if not isinstance(found, BaseModel):
        return []
    below = [name for _field, value in found for name in unknown_in(value)]
    return [*(found.model_extra or {}), *below]


# The published schema


@pytest.mark.parametrize(
    "draft",
    [DRAFT, CARDED, replace(DRAFT, pictures=PICTURES), replace(DRAFT, is_rewarded=True), Draft("Bonjour")],
    ids=["text", "card", "pictures", "rewarded", "no link"],
)
def test_bodies_keep_to_the_schema_that_x_publishes(x: FakeX, draft: Draft) -> None:
    models = {
        "/2/tweets": schemas.CreatePostsRequest,
        "/2/media/upload": schemas.MediaUploadRequest,
        "/2/media/metadata": schemas.CreateMediaMetadataRequest,
    }

    case_of(x, draft).publish()

    assert x.lines()[-1] == "POST /2/tweets"
    for request in x.requests:
        strictly(models[request.path], request.json())


def test_schema_refuses_a_field_that_x_does_not_name() -> None:
    body = {"text": "Bonjour", "media": {"media_ids": ["1"], "tagged": []}, "card": {}}

    assert unknown_in(schemas.CreatePostsRequest.model_validate(body)) == ["card", "tagged"]


def test_fake_answers_as_the_schema_says(x: FakeX) -> None:
    """What the fake says is held against the same schema: otherwise it would prove nothing."""
    published = case_of(x, replace(DRAFT, pictures=PICTURES[:1])).publish()
    uploaded, described, again = (x.answer(request).data for request in list(x.requests))
    asked = ("users/me", f"users/{USER}/tweets", f"tweets/{published.post_id}")
    me, posts, post = (
        x.answer(replace(x.requests[0], method="GET", path=f"/2/{path}")).data for path in asked
    )

    schemas.MediaUploadResponse.model_validate(uploaded)
    schemas.CreateMediaMetadataResponse.model_validate(described)
    schemas.GetUsersMeResponse.model_validate(me)
    schemas.GetUsersPostsResponse.model_validate(posts)
    schemas.GetPostsByIdResponse.model_validate(post)
    assert again["detail"] == "You are not allowed to create a Tweet with duplicate content."
    assert posts["data"][0]["entities"]["urls"][0]["expanded_url"] == URL


# What is published


def test_text_is_the_whole_body(x: FakeX) -> None:
    case_of(x, Draft("Bonjour", URL)).publish()

    assert x.requests[-1].json() == {"text": f"Bonjour {URL}"}


def test_card_changes_nothing_for_x_reads_the_page(x: FakeX) -> None:
    case_of(x, CARDED).publish()

    assert x.lines() == ["POST /2/tweets"]
    assert URL in x.requests[-1].json()["text"]


def test_reward_is_declared_only_when_there_is_one(x: FakeX) -> None:
    case_of(x, replace(DRAFT, is_rewarded=True)).publish()

    assert x.requests[-1].json()["paid_partnership"] is True


def test_pictures_are_handed_over_with_their_descriptions(x: FakeX) -> None:
    case_of(x, replace(DRAFT, pictures=PICTURES)).publish()

    handed = list(x.media.values())
    assert [one["content"] for one in handed] == [load("one").content] * 2
    assert [one.get("alt") for one in handed] == ["Une équipe", None]
    assert x.requests[-1].json()["media"] == {"media_ids": list(x.media)}


def test_moving_picture_is_handed_over_as_one(x: FakeX) -> None:
    frozen = PUBLISHER.freeze(replace(DRAFT, pictures=PICTURES[:1]), KEY)

    for media_type in ("image/png", "image/gif"):
        PUBLISHER.prepare(frozen, x.grant(), lambda _code, kind=media_type: Media(b"GIF89a", kind), x.wire())

    assert [one["category"] for one in x.media.values()] == ["tweet_image", "tweet_gif"]


def test_description_that_is_not_taken_is_said_so(x: FakeX) -> None:
    x.plan(says(400, {"detail": "not a description"}), on="POST /2/media/metadata")

    with pytest.raises(Refused) as why:
        case_of(x, replace(DRAFT, pictures=PICTURES))

    assert why.value.reason == "picture_refused"


def test_long_description_is_cut_to_what_x_takes(x: FakeX) -> None:
    case_of(x, replace(DRAFT, pictures=(Attachment("one", alt="é" * 1_500),)))

    assert [one["alt"] for one in x.media.values()] == ["é" * 1_000]


def test_more_than_four_pictures_are_too_many() -> None:
    problems = PUBLISHER.problems(replace(DRAFT, pictures=PICTURES * 3), X().network.limits)

    assert [(problem.code, problem.facts) for problem in problems] == [
        ("too_many_pictures", {"count": 6, "limit": 4})
    ]


def test_pictures_that_x_forgot_are_prepared_again(x: FakeX) -> None:
    case = case_of(x, replace(DRAFT, pictures=PICTURES))
    x.media.clear()

    with pytest.raises(PrepareAgain):
        case.publish()

    case.prepared = {}
    with pytest.raises(PrepareAgain):
        case.publish()
    assert x.shown() == []


def test_sign_in_from_before_pictures_must_be_made_again(x: FakeX) -> None:
    x.scope = "tweet.read tweet.write users.read offline.access"
    frozen = PUBLISHER.freeze(replace(DRAFT, pictures=PICTURES), KEY)

    with pytest.raises(SignInAgain):
        PUBLISHER.prepare(frozen, replace(x.grant(), scopes=tuple(x.scope.split())), load, x.wire())
    with pytest.raises(Refused):
        PUBLISHER.prepare(frozen, x.grant(), load, x.wire())


@pytest.mark.parametrize(
    ("status", "said", "reason"),
    [
        (400, {"message": "not a picture", "detail": "not a picture"}, "picture_refused"),
        (413, None, "picture_too_big"),
    ],
)
def test_picture_that_is_not_taken_is_said_so(x: FakeX, status: int, said: Any, reason: str) -> None:
    x.plan(says(status, said), on=r"POST /2/media/.*")

    with pytest.raises(Refused) as why:
        case_of(x, replace(DRAFT, pictures=PICTURES))

    assert why.value.reason == reason


# Prices


@pytest.mark.parametrize(
    ("draft", "micros"),
    [
        (DRAFT, 200_000),
        (Draft("Bonjour"), 15_000),
        (Draft("Lisez acme.com"), 200_000),
        (Draft("Bonjour", pictures=PICTURES), 20_000),
        (replace(DRAFT, pictures=PICTURES), 205_000),
    ],
)
def test_price_follows_the_link_and_the_descriptions(draft: Draft, micros: int) -> None:
    assert PUBLISHER.cost_micros(PUBLISHER.freeze(draft, KEY)) == micros


@given(text=st.text(max_size=60), alt_texts=st.integers(0, 4))
def test_price_is_one_of_two_and_the_descriptions(text: str, alt_texts: int) -> None:
    price = prices.price_of_post(text, alt_texts=alt_texts)

    assert price - alt_texts * prices.ALT_TEXT in (prices.POST, prices.POST_WITH_LINK)


# Looking


def test_post_is_found_by_its_link_in_full(x: FakeX) -> None:
    case = case_of(x)
    published = case.publish()
    case_of(x, Draft("Autre chose", f"{URL}z")).publish()

    assert case.find() == published
    asked = x.requests[-1].query
    assert asked == {
        "max_results": "100",
        "start_time": "2026-11-30T07:59:00Z",
        "post.fields": "entities,text",
    }


@pytest.mark.parametrize(
    ("count", "meta", "finding"),
    [(99, {}, Finding.ABSENT), (100, {}, Finding.CANNOT_TELL), (3, {"next_token": "n"}, Finding.CANNOT_TELL)],
)
def test_post_that_may_lie_further_back_is_for_the_person(
    x: FakeX, count: int, meta: dict[str, Any], finding: Finding
) -> None:
    """Somebody who posts much would see their share twice."""
    case = case_of(x)
    others = [{"id": str(number), "text": "Autre chose"} for number in range(count)]
    x.plan(says(200, {"data": others, "meta": {"result_count": count, **meta}}), on="GET .*")

    assert case.find() is finding


def test_post_with_a_longer_link_is_not_ours(x: FakeX) -> None:
    case_of(x, Draft("Autre chose", f"{URL}z")).publish()

    assert case_of(x).find() is Finding.ABSENT


def test_post_without_a_link_is_found_by_its_words(x: FakeX) -> None:
    case = case_of(x, Draft("Thé & café < 5"))
    published = case.publish()

    assert case.find() == published
    assert case_of(x, Draft("Thé & café")).find() is Finding.ABSENT


def test_nobodys_timeline_is_empty(x: FakeX) -> None:
    assert case_of(x).find() is Finding.ABSENT


def test_timeline_that_cannot_be_read_is_looked_at_later(x: FakeX) -> None:
    case = case_of(x)
    x.plan(says(200, {"errors": []}), says(200, {"data": {}}), says(200), says(503), on="GET .*")

    for _answer in range(4):
        with pytest.raises(TryLater):
            case.find()


@pytest.mark.parametrize("name", ["post.fields", "tweet.fields"])
@pytest.mark.parametrize("reposts", ["repost_count", "retweet_count"])
def test_old_and_new_names_are_understood(x: FakeX, name: str, reposts: str) -> None:
    x.fields_name, x.repost_name = name, reposts
    case = case_of(x)
    published = case.publish()

    figures = PUBLISHER.read_figures(published.post_id, x.grant(), x.wire())

    assert figures == {
        "impressions": 40,
        "likes": 3,
        "reposts": 5,
        "replies": 0,
        "quotes": 1,
        "bookmarks": 2,
    }
    assert isinstance(case.find(), Published)


def test_figures_of_a_post_that_is_gone(x: FakeX) -> None:
    with pytest.raises(Absent):
        PUBLISHER.read_figures("1", x.grant(), x.wire())

    x.plan(says(404, {"title": "Not Found"}), on="GET .*")
    with pytest.raises(Absent):
        PUBLISHER.read_figures("1", x.grant(), x.wire())


# What X answers


def test_same_words_again_are_a_duplicate_without_a_name(x: FakeX) -> None:
    case = case_of(x)
    case.publish()

    with pytest.raises(Duplicate) as why:
        case.publish()

    assert why.value.post_id == ""


def test_post_without_credit_is_for_the_operator(x: FakeX) -> None:
    x.has_credit = False

    with pytest.raises(OperatorMust) as why:
        case_of(x).publish()

    assert why.value.reason == "no_credit"


@pytest.mark.parametrize(
    ("status", "said", "failure"),
    [
        # Written after X's problem types (OpenAPI v2.167) and reports of 2025 and 2026; identifiers are invented.
        (403, {"title": "CreditsDepleted", "detail": "…"}, OperatorMust),
        (403, {"type": "https://api.x.com/2/problems/client-forbidden", "detail": "…"}, OperatorMust),
        (403, {"type": "https://api.x.com/2/problems/oauth1-permissions", "detail": "…"}, OperatorMust),
        (403, {"detail": "Your client is not permitted to perform this action."}, OperatorMust),
        (
            403,
            {"detail": "Your account is suspended and is not permitted to access this feature"},
            Disconnected,
        ),
        (403, {"detail": "To protect our users, your account has been temporarily locked"}, Disconnected),
        (403, {"detail": "You are not permitted to perform this action."}, Refused),
        (400, {"errors": [{"message": "text is too long"}], "title": "Invalid Request"}, Refused),
        (403, {"status": 403}, Refused),
        (404, {"status": 404}, Refused),
        (401, {}, SignInAgain),
        (403, None, OutcomeUnknown),
        (400, None, OutcomeUnknown),
        (302, None, OutcomeUnknown),
    ],
)
def test_refusal_is_named_by_what_must_be_done(
    x: FakeX, status: int, said: dict[str, Any] | None, failure: type[NetworkFailure]
) -> None:
    case = case_of(x)
    x.plan(says(status, said))

    with pytest.raises(failure) as why:
        case.publish()

    if isinstance(why.value, Refused):
        assert why.value.detail in str(said) or why.value.detail == f"answer {status}"


def test_question_that_gets_nonsense_is_asked_later(x: FakeX) -> None:
    for status in (200, 302, 400, 403):
        x.plan(says(status), on="GET .*")
        with pytest.raises(TryLater):
            SIGN_IN.who(x.grant(), x.wire())
    for status in (302, 400, 403):
        x.plan(says(status), on="DELETE .*")
        with pytest.raises(TryLater):
            PUBLISHER.delete("1", {}, x.grant(), x.wire())


@pytest.mark.parametrize(
    ("headers", "scope", "seconds"),
    [
        ({"x_rate_limit_reset": "600"}, Scope.ACCOUNT, 600),
        ({"x_app_limit_24hour_remaining": "0", "x_app_limit_24hour_reset": "9000"}, Scope.APPLICATION, 9_000),
        ({"x_user_limit_24hour_remaining": "0", "x_user_limit_24hour_reset": "9000"}, Scope.ACCOUNT, 9_000),
        ({"x_app_limit_24hour_remaining": "12", "x_rate_limit_reset": "600"}, Scope.ACCOUNT, 600),
        (
            {
                "x_app_limit_24hour_remaining": "0",
                "x_app_limit_24hour_reset": "9000",
                "x_rate_limit_reset": "600",
            },
            Scope.APPLICATION,
            9_000,
        ),
        ({"x_app_limit_24hour_remaining": "0", "Retry_After": "30"}, Scope.APPLICATION, 30),
        ({"x_app_limit_24hour_remaining": "0"}, Scope.APPLICATION, None),
    ],
)
def test_wait_tells_the_quarter_of_an_hour_from_the_day(
    x: FakeX, headers: dict[str, str], scope: Scope, seconds: int | None
) -> None:
    case = case_of(x)
    moments = {
        name: str(int(NOW) + int(value)) if name.endswith("reset") else value
        for name, value in headers.items()
    }
    x.plan(says(429, {"title": "Too Many Requests"}, **moments))

    with pytest.raises(TryLater) as why:
        case.publish()

    assert (why.value.scope, why.value.seconds) == (scope, seconds)


def test_wait_for_the_operators_cap_concerns_everybody(x: FakeX) -> None:
    case = case_of(x)
    x.plan(says(429, {"title": "UsageCapExceeded", "type": "https://api.x.com/2/problems/usage-capped"}))

    with pytest.raises(TryLater) as why:
        case.publish()

    assert why.value.scope is Scope.APPLICATION
