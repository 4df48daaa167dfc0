"""What is particular to Threads: containers, links attached, refusals that are all 400, tokens in addresses."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from networks.fakes.server import (
    TOKEN,
    Fault,
    Reply,
    resets,
    says,
    stays_silent,
)
from networks.fakes.threads import MISSING, USER, FakeThreads, error
from networks.publishing_conformance import CARDED, DRAFT, KEY, URL, Case, load
from portevoix.networks.contract import Attachment, Draft
from portevoix.networks.direct import Finding, Published
from portevoix.networks.failures import (
    Absent,
    NetworkFailure,
    OperatorMust,
    OutcomeUnknown,
    PrepareAgain,
    Refused,
    Scope,
    SignInAgain,
    TryLater,
)
from portevoix.networks.threads.composer import Threads
from portevoix.networks.threads.publisher import ThreadsPublisher
from portevoix.networks.threads.sign_in import ThreadsSignIn

PUBLISHER, SIGN_IN = ThreadsPublisher(), ThreadsSignIn()
LIMITS = Threads().network.limits


@pytest.fixture
def threads() -> Iterator[FakeThreads]:
    with FakeThreads() as network:
        yield network


def case_of(network: FakeThreads, draft: Draft = DRAFT) -> Case:
    return Case(PUBLISHER, network).ready(draft)


def said(reply: Reply) -> Fault:
    return Fault(reply=reply)


# What is published


def test_container_holds_the_words_and_the_link(threads: FakeThreads) -> None:
    case_of(threads, Draft("Bonjour", URL))

    assert threads.requests[-1].form() == {
        "media_type": "TEXT",
        "text": f"Bonjour {URL}",
        "access_token": TOKEN,
    }


def test_link_of_a_card_is_attached(threads: FakeThreads) -> None:
    case = case_of(threads, replace(CARDED, text="Bonjour", disclosure=""))

    form = threads.requests[-1].form()
    assert (form["text"], form["link_attachment"]) == ("Bonjour", URL)
    assert case.prepared == {"container": next(iter(threads.containers))}


def test_pictures_are_left_out_for_meta_fetches_them_from_public_addresses(threads: FakeThreads) -> None:
    case_of(threads, replace(DRAFT, pictures=(Attachment("one"),))).publish()

    assert threads.lines() == [
        f"POST /v1.0/{USER}/threads",
        f"POST /v1.0/{USER}/threads_publish",
        f"GET /v1.0/{threads.shown()[0].post_id}",
    ]


def test_post_is_published_though_nobody_says_where(threads: FakeThreads) -> None:
    for fault in (says(503), says(400, {"error": MISSING}), resets(), says(200), stays_silent()):
        case = case_of(threads, replace(DRAFT, url=f"{URL}{len(threads.posts)}"))
        threads.plan(fault, on=r"GET /v1\.0/\d+")

        published = case.publish(threads.wire(0.5))

        assert published == Published(threads.shown()[-1].post_id, "")


def test_attached_link_counts_among_the_five() -> None:
    text = " ".join(f"https://example.org/{number}" for number in range(5))

    problems = PUBLISHER.problems(replace(CARDED, text=text, disclosure=""), LIMITS)
    same = PUBLISHER.problems(
        replace(CARDED, text=f"{text[:-2]}9 {URL}", url="https://example.org/1"), LIMITS
    )

    assert [(problem.code, problem.facts) for problem in problems] == [
        ("too_many_links", {"length": 6, "limit": 5, "excess": 1})
    ]
    assert [problem.code for problem in same] == ["too_many_links"]


def test_five_links_with_the_attached_one_are_not_too_many() -> None:
    text = " ".join(f"https://example.org/{number}" for number in range(5))

    problems = PUBLISHER.problems(replace(CARDED, text=text, url="https://example.org/1"), LIMITS)

    assert problems == ()


def test_sixth_link_is_refused_by_its_name(threads: FakeThreads) -> None:
    text = " ".join(f"https://example.org/{number}" for number in range(6))

    with pytest.raises(Refused) as why:
        case_of(threads, Draft(text))

    assert why.value.reason == "too_many_links"


# A container is published once


def test_same_container_sent_again_gives_the_same_post(threads: FakeThreads) -> None:
    case = case_of(threads)
    first = case.publish()

    again = case.publish()

    assert again == first
    assert len(threads.shown()) == 1


def test_lost_answer_is_found_by_the_container(threads: FakeThreads) -> None:
    case = case_of(threads)
    threads.plan(resets())

    with pytest.raises(OutcomeUnknown):
        case.publish()

    post = threads.shown()[0]
    assert case.find() == Published(post.post_id, f"https://www.threads.net/@analopes/post/{post.post_id}")


@pytest.mark.parametrize("status", ["FINISHED", "IN_PROGRESS"])
def test_container_that_waits_may_be_sent(threads: FakeThreads, status: str) -> None:
    case = case_of(threads)
    threads.statuses[case.prepared["container"]] = status

    assert case.find() is Finding.ABSENT


@pytest.mark.parametrize("status", ["EXPIRED", "ERROR"])
def test_container_that_is_dead_is_absent_then_laid_out_again(threads: FakeThreads, status: str) -> None:
    case = case_of(threads)
    threads.statuses[case.prepared["container"]] = status

    assert case.find() is Finding.ABSENT
    with pytest.raises(PrepareAgain):
        case.publish()
    published = case.ready().publish()

    assert [post.post_id for post in threads.shown()] == [published.post_id]


def test_container_that_threads_loses_is_laid_out_again(threads: FakeThreads) -> None:
    case = case_of(threads)
    threads.plan(says(400, {"error": MISSING}))

    with pytest.raises(PrepareAgain):
        case.publish()

    assert threads.shown() == []


def others(count: int, made: str) -> Fault:
    """So many posts of the person's, the last of them made at that moment."""
    posts = [
        {"id": str(n), "text": "Autre chose", "timestamp": "2026-11-30T09:00:00+0000"} for n in range(count)
    ]
    return says(200, {"data": [*posts, {"id": "x", "text": "La première", "timestamp": made}]})


@pytest.mark.parametrize("made", ["2026-11-30T08:59:00+0000", "", "soon"])
def test_container_that_is_lost_is_not_laid_out_again_while_the_post_may_lie_further_back(
    threads: FakeThreads, made: str
) -> None:
    case = case_of(threads)
    case.publish()
    threads.statuses.clear()
    threads.plan(others(100, made), others(100, made), on="GET .*/threads")

    with pytest.raises(OutcomeUnknown):
        case.publish()


def test_container_that_is_lost_is_laid_out_again_when_the_posts_reach_back_to_the_approval(
    threads: FakeThreads,
) -> None:
    case = case_of(threads)
    threads.statuses.clear()
    long_ago = others(100, "2026-11-29T09:00:00+0000")
    threads.plan(long_ago, long_ago, on="GET .*/threads")

    with pytest.raises(PrepareAgain):
        case.publish()


@pytest.mark.parametrize("code", ["9" * 5000, 10**400, "²", None, [], "٢٠٠"])
def test_error_with_any_code_is_a_refusal(threads: FakeThreads, code: Any) -> None:
    case = case_of(threads)
    threads.plan(says(400, {"error": {"message": "Non", "code": code}}))

    with pytest.raises(Refused):
        case.publish()


def test_publishing_without_a_container_asks_for_one(threads: FakeThreads) -> None:
    case = Case(PUBLISHER, threads, PUBLISHER.freeze(DRAFT, KEY), {})

    with pytest.raises(PrepareAgain):
        case.publish()

    assert threads.requests == []


def test_container_that_was_never_kept_is_looked_for_by_the_link(threads: FakeThreads) -> None:
    case = case_of(threads)
    assert replace(case, prepared={}).find() is Finding.ABSENT

    published = case.publish()

    assert replace(case, prepared={}).find() == published


def test_published_post_that_does_not_show_is_known_by_its_container(threads: FakeThreads) -> None:
    case = case_of(threads)
    post_id = case.publish().post_id
    threads.hides_posts = True

    found = case.find()

    assert found == Published(f"container:{case.prepared['container']}")
    assert PUBLISHER.read_figures(found.post_id, threads.grant(), threads.wire()) == {}
    with pytest.raises(Refused) as why:
        PUBLISHER.delete(found.post_id, case.frozen, threads.grant(), threads.wire())
    assert why.value.reason == "post_not_shown"
    threads.hides_posts = False
    PUBLISHER.delete(found.post_id, case.frozen, threads.grant(), threads.wire())
    assert post_id not in threads.posts


def test_container_that_threads_forgot_cannot_be_told(threads: FakeThreads) -> None:
    case = case_of(threads)
    threads.statuses.clear()

    assert case.find() is Finding.CANNOT_TELL


def test_same_words_with_another_link_are_another_post(threads: FakeThreads) -> None:
    case = case_of(threads, CARDED)
    case.publish()

    other = PUBLISHER.freeze(replace(CARDED, url=f"{URL}z"), KEY)

    assert replace(case, frozen=other, prepared={}).find() is Finding.ABSENT


def test_post_without_a_link_is_found_by_its_words_of_late(threads: FakeThreads) -> None:
    case = case_of(threads, Draft("Bonjour"))
    published = case.publish()
    assert replace(case, prepared={}).find() == published

    threads.posts[published.post_id]["timestamp"] = "2026-11-29T09:00:00+0000"

    assert replace(case, prepared={}).find() is Finding.ABSENT


def test_posts_that_cannot_be_read_are_looked_at_later(threads: FakeThreads) -> None:
    case = case_of(threads)
    threads.plan(says(200, {"rien": 1}), says(200), says(500), on=r"GET /v1\.0/\d+/threads")

    for _answer in range(3):
        with pytest.raises(TryLater):
            case.find()


# What Threads answers


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        # Written after Meta's error pages and reports of 2025 and 2026; identifiers are invented.
        (error(190, "The session has expired", error_subcode=463), SignInAgain),
        (error(102, "API session"), SignInAgain),
        (Reply(401, {"error": {"message": "Invalid OAuth 2.0 Access Token", "code": 2}}), SignInAgain),
        (error(4, "Application request limit reached"), TryLater),
        (error(17, "User request limit reached"), TryLater),
        (error(32, "Page request limit reached"), TryLater),
        (error(613, "Calls to this api have exceeded the rate limit"), TryLater),
        (error(3, "Application does not have the capability"), OperatorMust),
        (error(10, "Application does not have permission"), OperatorMust),
        (error(200, "Permissions error"), OperatorMust),
        (error(299, "Permissions error"), OperatorMust),
        (error(300, "Something else"), Refused),
        (error(100, "Invalid parameter"), Refused),
        (error(368, "The action attempted has been deemed abusive"), Refused),
        (error(1, "An unknown error has occurred."), OutcomeUnknown),
        (error(2, "Service temporarily unavailable"), OutcomeUnknown),
        (error(100, "Try again", is_transient=True), OutcomeUnknown),
        (Reply(400), OutcomeUnknown),
        (Reply(403, content=b"<html>"), OutcomeUnknown),
        (Reply(302), OutcomeUnknown),
    ],
)
def test_refusal_is_named_by_what_must_be_done(
    threads: FakeThreads, reply: Reply, failure: type[NetworkFailure]
) -> None:
    case = case_of(threads)
    threads.plan(said(reply))

    with pytest.raises(failure) as why:
        case.publish()

    assert type(why.value) is failure


@pytest.mark.parametrize(
    ("code", "scope"),
    [(4, Scope.APPLICATION), (17, Scope.ACCOUNT), (32, Scope.ACCOUNT), (613, Scope.ACCOUNT)],
)
def test_wait_says_whom_it_concerns(threads: FakeThreads, code: int, scope: Scope) -> None:
    case = case_of(threads)
    refused = error(code, "limit reached")
    threads.plan(said(refused), said(replace(refused, status=429, headers={"Retry-After": "12"})))

    for seconds in (None, 12):
        with pytest.raises(TryLater) as why:
            case.publish()
        assert (why.value.scope, why.value.seconds) == (scope, seconds)


def test_passing_trouble_while_laying_out_is_only_a_wait(threads: FakeThreads) -> None:
    threads.plan(said(error(2, "Service temporarily unavailable")), says(400), on=".*/threads")

    for _answer in range(2):
        with pytest.raises(TryLater):
            PUBLISHER.prepare(PUBLISHER.freeze(DRAFT, KEY), threads.grant(), load, threads.wire())


def test_token_that_threads_repeats_is_blanked(threads: FakeThreads) -> None:
    case = case_of(threads)
    threads.plan(said(error(100, f"Malformed access token {TOKEN}, in access_token={TOKEN}")))

    with pytest.raises(Refused) as why:
        case.publish()

    assert why.value.detail == "Malformed access token …, in access_token=…"


# Figures


@pytest.mark.parametrize("new", [True, False], ids=["total_value", "values"])
def test_figures_are_read_in_both_shapes(threads: FakeThreads, new: bool) -> None:
    threads.new_insights = new
    published = case_of(threads).publish()

    figures = PUBLISHER.read_figures(published.post_id, threads.grant(), threads.wire())

    assert figures == {"views": 0, "likes": 1, "replies": 2, "reposts": 3, "quotes": 4}


def test_figures_are_none_without_the_permission(threads: FakeThreads) -> None:
    threads.opens_insights = False

    assert PUBLISHER.read_figures("1", threads.grant(), threads.wire()) == {}


def test_figures_of_a_post_that_is_gone(threads: FakeThreads) -> None:
    threads.plan(says(404), said(Reply(400, {"error": {"code": 24, "message": "…"}})), on=".*")

    for _answer in range(3):
        with pytest.raises(Absent):
            PUBLISHER.read_figures("1", threads.grant(), threads.wire())


def test_figures_that_cannot_be_read_are_asked_for_later(threads: FakeThreads) -> None:
    threads.plan(says(200, {}), says(400), on=".*")

    for _answer in range(2):
        with pytest.raises(TryLater):
            PUBLISHER.read_figures("1", threads.grant(), threads.wire())
