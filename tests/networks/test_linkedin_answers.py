"""What LinkedIn answers, and what must be done about it."""

from collections.abc import Iterator
from typing import Any

import pytest

from networks.fakes.linkedin import FakeLinkedIn
from networks.fakes.server import says
from networks.publishing_conformance import DRAFT, Case
from portevoix.networks.contract import Draft
from portevoix.networks.direct import Finding
from portevoix.networks.failures import (
    Duplicate,
    OperatorMust,
    OutcomeUnknown,
    Refused,
    Scope,
    TryLater,
)
from portevoix.networks.linkedin.publisher import LinkedInPublisher
from portevoix.networks.linkedin.sign_in import LinkedInSignIn

PUBLISHER, SIGN_IN = LinkedInPublisher(), LinkedInSignIn()


@pytest.fixture
def linkedin() -> Iterator[FakeLinkedIn]:
    with FakeLinkedIn() as network:
        yield network


def case_of(network: FakeLinkedIn, draft: Draft = DRAFT) -> Case:
    return Case(PUBLISHER, network).ready(draft)


@pytest.mark.parametrize("names", [True, False], ids=["named", "unnamed"])
def test_same_post_again_is_a_duplicate(linkedin: FakeLinkedIn, names: bool) -> None:
    linkedin.names_duplicates = names
    case = case_of(linkedin)
    first = case.publish()

    with pytest.raises(Duplicate) as why:
        case.publish()

    assert (why.value.post_id, why.value.url) == ((first.post_id, first.url) if names else ("", ""))


def test_post_that_was_taken_off_is_still_a_duplicate(linkedin: FakeLinkedIn) -> None:
    case = case_of(linkedin)
    published = case.publish()
    PUBLISHER.delete(published.post_id, case.frozen, linkedin.grant(), linkedin.wire())

    with pytest.raises(Duplicate):
        case.publish()

    assert linkedin.shown() == []


def test_members_may_not_look_at_their_posts(linkedin: FakeLinkedIn) -> None:
    case = case_of(linkedin)
    before = len(linkedin.requests)

    assert case.find() is Finding.SEND_AGAIN
    assert len(linkedin.requests) == before


def test_post_without_its_name_is_an_unknown_outcome(linkedin: FakeLinkedIn) -> None:
    case = case_of(linkedin)
    linkedin.plan(
        says(201), says(201, None, x_restli_id="rien"), says(200, {"id": "urn:li:share:1"}), says(302)
    )

    for _answer in range(4):
        with pytest.raises(OutcomeUnknown):
            case.publish()


def test_name_of_a_post_may_come_encoded(linkedin: FakeLinkedIn) -> None:
    linkedin.plan(says(201, None, x_restli_id="urn%3Ali%3AugcPost%3A71"))

    published = case_of(linkedin).publish()

    assert published.post_id == "urn:li:ugcPost:71"
    assert published.url == "https://www.linkedin.com/feed/update/urn:li:ugcPost:71"


@pytest.mark.parametrize(
    ("status", "said", "failure", "reason"),
    [
        # Written after Microsoft Learn's error pages and reports of 2023 to 2026; identifiers are invented.
        (
            403,
            {"serviceErrorCode": 100, "message": "Not enough permissions to access: POST /posts"},
            OperatorMust,
            "missing_permission",
        ),
        (403, {"code": "ACCESS_DENIED", "message": "Access denied"}, OperatorMust, "missing_permission"),
        (403, {"message": "Resharing this post is disabled"}, Refused, "reshare_refused"),
        (403, {"message": "Data Processing Exception [/author]"}, Refused, "refused_by_network"),
        (422, {"message": "ShareCommentary text length is over the limit"}, Refused, "refused_by_network"),
        (400, {"message": "com.linkedin.publishing: assets must be owned"}, Refused, "refused_by_network"),
        (426, {"message": "Requested version 20250401 is not active"}, OperatorMust, "version_over"),
        (
            400,
            {"code": "NONEXISTENT_VERSION", "message": "20250401 is not active"},
            OperatorMust,
            "version_over",
        ),
    ],
)
def test_refusal_is_named_by_what_must_be_done(
    linkedin: FakeLinkedIn,
    status: int,
    said: dict[str, Any],
    failure: type[Refused | OperatorMust],
    reason: str,
) -> None:
    case = case_of(linkedin)
    linkedin.plan(says(status, {"status": status, **said}))

    with pytest.raises(failure) as why:
        case.publish()

    assert why.value.reason == reason
    assert why.value.detail == said["message"]


def test_refusal_of_a_proxy_is_not_linkedins_word(linkedin: FakeLinkedIn) -> None:
    case = case_of(linkedin)
    linkedin.plan(says(403), says(400), says(422))

    for _answer in range(3):
        with pytest.raises(OutcomeUnknown):
            case.publish()


def test_question_that_gets_nonsense_is_asked_later(linkedin: FakeLinkedIn) -> None:
    for status in (200, 302, 400, 403):
        linkedin.plan(says(status), on="GET /v2/userinfo")
        with pytest.raises(TryLater):
            SIGN_IN.who(linkedin.grant(), linkedin.wire())
    for status in (302, 400, 403):
        linkedin.plan(says(status), on="DELETE .*")
        with pytest.raises(TryLater):
            PUBLISHER.delete("urn:li:share:1", {}, linkedin.grant(), linkedin.wire())


@pytest.mark.parametrize(
    ("message", "scope", "seconds"),
    [
        (
            "Resource level throttle APPLICATION DAY limit for calls to this resource is reached.",
            "application",
            54_000,
        ),
        (
            "Resource level throttle MEMBER DAY limit for calls to this resource is reached.",
            "account",
            54_000,
        ),
        ("Resource level throttle APPLICATION_AND_MEMBER DAY limit for calls is reached.", "account", 54_000),
        ("Resource level throttle limit for calls to this resource is reached.", "account", None),
        ("UGC action was blocked because a share limit has been reached", "account", None),
    ],
)
def test_wait_says_whom_it_concerns_and_ends_with_the_day(
    linkedin: FakeLinkedIn, message: str, scope: str, seconds: int | None
) -> None:
    case = case_of(linkedin)
    linkedin.plan(says(429, {"status": 429, "serviceErrorCode": 101, "message": message}))

    with pytest.raises(TryLater) as why:
        case.publish()

    assert (why.value.scope, why.value.seconds) == (Scope(scope), seconds)
