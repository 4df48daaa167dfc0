"""What is particular to LinkedIn: one thing a post, a company's post passed on, a dated version, figures for few."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from networks.fakes.linkedin import AUTHOR, FakeLinkedIn, as_shown
from networks.fakes.server import says
from networks.publishing_conformance import CARDED, DRAFT, KEY, URL, Case, load
from portevoix.networks.contract import Attachment, Card, Draft
from portevoix.networks.failures import (
    Absent,
    OperatorMust,
    PrepareAgain,
    Refused,
    SignInAgain,
    TryLater,
)
from portevoix.networks.linkedin import version
from portevoix.networks.linkedin.composer import LinkedIn
from portevoix.networks.linkedin.publisher import LinkedInPublisher
from portevoix.networks.linkedin.sign_in import LinkedInSignIn

PUBLISHER, SIGN_IN = LinkedInPublisher(), LinkedInSignIn()
PICTURES = tuple(Attachment(f"pic{number}", alt=f"Image {number}") for number in range(3))


@pytest.fixture
def linkedin() -> Iterator[FakeLinkedIn]:
    with FakeLinkedIn() as network:
        yield network


def case_of(network: FakeLinkedIn, draft: Draft = DRAFT) -> Case:
    return Case(PUBLISHER, network).ready(draft)


def body_of(network: FakeLinkedIn, draft: Draft) -> dict[str, Any]:
    case_of(network, draft).publish()
    return dict(list(network.posts.values())[-1].body)


# The company's own post


def test_company_post_is_passed_on_with_the_words_and_the_link(linkedin: FakeLinkedIn) -> None:
    draft = replace(
        CARDED, company_post="https://www.linkedin.com/feed/update/urn:li:share:71/", pictures=PICTURES
    )

    body = body_of(linkedin, draft)

    assert body["reshareContext"] == {"parent": "urn:li:share:71"}
    assert "content" not in body
    assert URL in as_shown(body["commentary"])
    assert linkedin.uploaded == {}


def test_company_post_that_is_not_understood_is_left_out(linkedin: FakeLinkedIn) -> None:
    body = body_of(linkedin, replace(CARDED, company_post="urn:li:activity:71"))

    assert "reshareContext" not in body
    assert body["content"]["article"]["source"] == URL


def test_company_post_that_may_not_be_passed_on_is_refused(linkedin: FakeLinkedIn) -> None:
    linkedin.forbids_reshare = True

    with pytest.raises(Refused) as why:
        case_of(linkedin, replace(DRAFT, company_post="urn:li:share:71")).publish()

    assert why.value.reason == "reshare_refused"


# One thing a post


def test_text_alone_is_the_whole_body(linkedin: FakeLinkedIn) -> None:
    body = body_of(linkedin, Draft("Bonjour (à tous) #été", URL))

    assert body == {
        "author": AUTHOR,
        "commentary": r"Bonjour \(à tous\) {hashtag|\#|été}" + "\n\n" + URL,
        "visibility": "PUBLIC",
        "distribution": {
            "feedDistribution": "MAIN_FEED",
            "targetEntities": [],
            "thirdPartyDistributionChannels": [],
        },
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }


def test_card_is_ours_with_its_picture(linkedin: FakeLinkedIn) -> None:
    body = body_of(linkedin, CARDED)

    assert body["content"] == {
        "article": {
            "source": URL,
            "title": "Un titre",
            "description": "Un résumé",
            "thumbnail": "urn:li:image:1",
        }
    }
    assert linkedin.uploaded == {"1": load("cover").content}


def test_card_without_picture_or_summary_is_a_title(linkedin: FakeLinkedIn) -> None:
    body = body_of(linkedin, replace(DRAFT, card=Card("T" * 900)))

    assert body["content"] == {"article": {"source": URL, "title": "T" * 200}}


def test_one_picture_is_a_medium(linkedin: FakeLinkedIn) -> None:
    body = body_of(linkedin, replace(DRAFT, pictures=PICTURES[:1]))

    assert body["content"] == {"media": {"id": "urn:li:image:1", "altText": "Image 0"}}
    assert URL in as_shown(body["commentary"])


def test_several_pictures_are_images_in_their_order(linkedin: FakeLinkedIn) -> None:
    body = body_of(linkedin, replace(DRAFT, pictures=(*PICTURES, Attachment("bare"))))

    images = body["content"]["multiImage"]["images"]
    assert [image.get("altText") for image in images] == ["Image 0", "Image 1", "Image 2", None]
    assert [image["id"] for image in images] == [f"urn:li:image:{number}" for number in range(1, 5)]


def test_document_comes_before_the_card_and_the_link_stays_in_the_text(linkedin: FakeLinkedIn) -> None:
    document = Attachment("brochure", title="Notre brochure")

    body = body_of(linkedin, replace(CARDED, document=document, pictures=PICTURES))

    assert body["content"] == {"media": {"id": "urn:li:document:1", "title": "Notre brochure"}}
    assert URL in as_shown(body["commentary"])


def test_document_without_a_title_has_its_file_name(linkedin: FakeLinkedIn) -> None:
    body = body_of(linkedin, replace(DRAFT, document=Attachment("brochure")))

    assert body["content"]["media"]["title"] == "brochure.png"


@pytest.mark.parametrize(
    ("draft", "is_in_text"),
    [
        (DRAFT, True),
        (CARDED, False),
        (replace(CARDED, pictures=PICTURES), False),
        (replace(DRAFT, pictures=PICTURES), True),
        (replace(CARDED, document=Attachment("brochure")), True),
        (replace(CARDED, company_post="urn:li:share:71"), True),
        (replace(CARDED, company_post="urn:li:activity:71"), False),
    ],
)
def test_link_is_in_the_text_unless_a_card_carries_it(draft: Draft, is_in_text: bool) -> None:
    assert (URL in PUBLISHER.posted_text(draft)) == is_in_text
    assert PUBLISHER.length(draft) == LinkedIn().count(PUBLISHER.posted_text(draft))


def test_more_than_twenty_pictures_are_too_many() -> None:
    draft = replace(DRAFT, pictures=PICTURES * 7)

    problems = PUBLISHER.problems(draft, LinkedIn().network.limits)

    assert [(problem.code, problem.facts) for problem in problems] == [
        ("too_many_pictures", {"count": 21, "limit": 20})
    ]


def test_post_is_never_sent_without_the_pictures_that_were_approved(linkedin: FakeLinkedIn) -> None:
    case = case_of(linkedin, replace(DRAFT, pictures=PICTURES))
    case.prepared = {}

    with pytest.raises(PrepareAgain):
        case.publish()

    assert linkedin.shown() == []


def test_upload_sends_the_token_nowhere_but_to_linkedin(linkedin: FakeLinkedIn) -> None:
    for elsewhere in (
        "https://evil.example/up",
        "https://evillinkedin.com/up",
        "http://www.linkedin.com/up",
        "https://[",
        "rien",
    ):
        linkedin.upload_base = elsewhere
        linkedin.requests.clear()

        with pytest.raises(TryLater):
            case_of(linkedin, CARDED)

        assert linkedin.lines() == ["POST /rest/images"]


@pytest.mark.parametrize(
    ("status", "said", "reason"),
    [
        (400, {"message": "not a picture", "detail": "not a picture"}, "picture_refused"),
        (413, None, "picture_too_big"),
    ],
)
def test_picture_that_is_not_taken_is_said_so(
    linkedin: FakeLinkedIn, status: int, said: Any, reason: str
) -> None:
    linkedin.plan(says(status, said), on=r"POST /rest/images|PUT /dms.*")

    with pytest.raises(Refused) as why:
        case_of(linkedin, CARDED)

    assert why.value.reason == reason


# The dated version


def test_version_is_sent_with_every_dated_request(linkedin: FakeLinkedIn) -> None:
    published = case_of(linkedin, CARDED).publish()
    PUBLISHER.read_figures(published.post_id, linkedin.grant(), linkedin.wire())
    PUBLISHER.delete(published.post_id, {}, linkedin.grant(), linkedin.wire())

    dated = [request for request in linkedin.requests if request.path.startswith("/rest/")]
    assert {request.headers["linkedin-version"] for request in dated} == {version.VERSION}
    assert {request.headers["x-restli-protocol-version"] for request in dated} == {"2.0.0"}


def test_version_of_the_installation_comes_before_ours(linkedin: FakeLinkedIn) -> None:
    grant = replace(linkedin.grant(), extra={"version": "202611"})

    PUBLISHER.publish(PUBLISHER.freeze(DRAFT, KEY), {}, grant, linkedin.wire())

    assert linkedin.requests[-1].headers["linkedin-version"] == "202611"


def test_version_that_is_over_is_for_the_operator(linkedin: FakeLinkedIn) -> None:
    linkedin.versions = ("202711",)

    with pytest.raises(OperatorMust) as why:
        case_of(linkedin).publish()

    assert why.value.reason == "version_over"
    assert "20260901 is not active" in why.value.detail


def test_version_lives_a_year() -> None:
    assert SIGN_IN.ends_on({}) == date(2027, 9, 15)
    assert SIGN_IN.ends_on({"version": "202511"}) == date(2026, 11, 15)
    assert SIGN_IN.is_version(SIGN_IN.version({}))


@pytest.mark.parametrize("text", ["", "2026", "20260901", "202613", "202600", "latest", "202609\n"])
def test_version_refuses_what_is_no_month(text: str) -> None:
    assert not version.is_version(text)


# Figures


@pytest.mark.parametrize("old", [True, False], ids=["object", "word"])
def test_figures_are_read_one_by_one(linkedin: FakeLinkedIn, old: bool) -> None:
    linkedin.old_metrics = old
    published = case_of(linkedin).publish()

    figures = PUBLISHER.read_figures(published.post_id, linkedin.grant(), linkedin.wire())

    assert figures == {"impressions": 20, "reached": 25, "likes": 18, "replies": 17, "reposts": 17}
    asked = [request.query["queryType"] for request in linkedin.requests if "Analytics" in request.path]
    assert asked == ["IMPRESSION", "MEMBERS_REACHED", "REACTION", "COMMENT", "RESHARE"]


def test_figures_of_a_ugc_post_are_asked_by_its_kind(linkedin: FakeLinkedIn) -> None:
    with pytest.raises(Absent):
        PUBLISHER.read_figures("urn:li:ugcPost:71", linkedin.grant(), linkedin.wire())

    assert linkedin.requests[-1].query["entity"] == "(ugc:urn:li:ugcPost:71)"


def test_figures_are_not_asked_for_without_the_permission(linkedin: FakeLinkedIn) -> None:
    grant = replace(linkedin.grant(), scopes=("openid", "profile", "w_member_social"))

    assert PUBLISHER.read_figures("urn:li:share:71", grant, linkedin.wire()) == {}
    assert linkedin.requests == []


def test_figures_that_are_refused_say_why(linkedin: FakeLinkedIn) -> None:
    linkedin.plan(
        linkedin.disowns_token(), says(400, {"message": "no"}), says(200, {"elements": "no"}), on="GET .*"
    )

    for failure in (SignInAgain, Refused):
        with pytest.raises(failure):
            PUBLISHER.read_figures("urn:li:share:71", linkedin.grant(), linkedin.wire())
    with pytest.raises(Absent):  # the first figure is missing, the second says why
        PUBLISHER.read_figures("urn:li:share:71", linkedin.grant(), linkedin.wire())


def test_figures_are_none_where_linkedin_does_not_open_them(linkedin: FakeLinkedIn) -> None:
    linkedin.opens_analytics = False

    assert PUBLISHER.read_figures("urn:li:share:71", linkedin.grant(), linkedin.wire()) == {}
