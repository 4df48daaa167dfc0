"""What is particular to LinkedIn: little text, one thing a post, a dated version, duplicates by name, figures for few."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.fakes.linkedin import AUTHOR, FakeLinkedIn, as_shown
from networks.fakes.server import says
from networks.publishing_conformance import CARDED, DRAFT, KEY, URL, Case, load
from portevoix.networks.contract import Attachment, Card, Draft
from portevoix.networks.direct import Finding
from portevoix.networks.failures import (
    Absent,
    Duplicate,
    OperatorMust,
    OutcomeUnknown,
    PrepareAgain,
    Refused,
    Scope,
    SignInAgain,
    TryLater,
)
from portevoix.networks.linkedin import version
from portevoix.networks.linkedin.company_posts import company_post_urn, names_activity
from portevoix.networks.linkedin.composer import LinkedIn
from portevoix.networks.linkedin.little_text import read, written
from portevoix.networks.linkedin.publisher import LinkedInPublisher
from portevoix.networks.linkedin.sign_in import LinkedInSignIn

PUBLISHER, SIGN_IN = LinkedInPublisher(), LinkedInSignIn()
PICTURES = tuple(Attachment(f"pic{number}", alt=f"Image {number}") for number in range(3))
MARKS = st.text(alphabet=st.sampled_from("#{}|\\()[]<>@*_~ aé1مk\n"), max_size=40)


@pytest.fixture
def linkedin() -> Iterator[FakeLinkedIn]:
    with FakeLinkedIn() as network:
        yield network


def case_of(network: FakeLinkedIn, draft: Draft = DRAFT) -> Case:
    return Case(PUBLISHER, network).ready(draft)


def body_of(network: FakeLinkedIn, draft: Draft) -> dict[str, Any]:
    case_of(network, draft).publish()
    return dict(list(network.posts.values())[-1].body)


# Little text


@pytest.mark.parametrize(
    ("text", "little"),
    [
        ("Bonjour", "Bonjour"),
        ("(oui) [non] {si} <a>", r"\(oui\) \[non\] \{si\} \<a\>"),
        ("a_b ~c~ *d* e|f g\\h", r"a\_b \~c\~ \*d\* e\|f g\\h"),
        ("ana@acme.example", r"ana\@acme.example"),
        ("#emploi", r"{hashtag|\#|emploi}"),
        ("Un #métier_rare, vraiment", r"Un {hashtag|\#|métier\_rare}, vraiment"),
        ("#توظيف_الآن", r"{hashtag|\#|توظيف\_الآن}"),
        ("#مَدْرَسَة", r"{hashtag|\#|مَدْرَسَة}"),
        ("#می‌خواهم", r"{hashtag|\#|می‌خواهم}"),
        ("#2026 #2026été #1", r"\#2026 {hashtag|\#|2026été} \#1"),
        ("C# et F#", r"C\# et F\#"),
        ("#C#", r"{hashtag|\#|C}\#"),
        ("a#b ##c &#39;", r"a\#b \#\#c &\#39;"),
        ("(#un)#deux", r"\({hashtag|\#|un}\){hashtag|\#|deux}"),
        ("#️⃣ #", r"\#️⃣ \#"),
        ("https://acme.example/a_b#partie", r"https://acme.example/a\_b\#partie"),
        ("https://acme.example/?q=#mot", r"https://acme.example/?q=\#mot"),
        ("https://acme.example/#/mot", r"https://acme.example/\#/mot"),
        (r"{hashtag|\#|faux}", r"\{hashtag\|\\\#\|faux\}"),
        ("}{ )( non fermé {", r"\}\{ \)\( non fermé \{"),
    ],
)
def test_little_text_escapes_all_but_the_hashtags(text: str, little: str) -> None:
    assert written(text) == little


@given(text=st.one_of(st.text(max_size=80), MARKS))
def test_little_text_read_gives_the_text_back(text: str) -> None:
    assert read(written(text)) == text


@given(text=MARKS)
def test_little_text_is_never_cut_by_linkedin(text: str) -> None:
    assert as_shown(written(text)) == text


def test_little_text_reads_a_hostile_text_to_its_end() -> None:
    for hostile in (
        "#" * 50_000,
        "#1" * 50_000,
        "#a" * 50_000,
        "{hashtag|\\#|" * 10_000,
        "https://a#" * 10_000,
    ):
        assert read(written(hostile)) == hostile


# The company's own post


@pytest.mark.parametrize(
    ("typed", "urn"),
    [
        ("urn:li:share:7141138937766391808", "urn:li:share:7141138937766391808"),
        (" urn:li:ugcPost:7141138937766391808 ", "urn:li:ugcPost:7141138937766391808"),
        ("https://www.linkedin.com/feed/update/urn:li:share:71/", "urn:li:share:71"),
        ("https://www.linkedin.com/feed/update/urn:li:ugcPost:71?utm_source=share", "urn:li:ugcPost:71"),
        ("https://linkedin.com/feed/update/urn%3Ali%3Ashare%3A71", "urn:li:share:71"),
        ("https://fr.linkedin.com/embed/feed/update/urn:li:share:71", "urn:li:share:71"),
        (
            "https://www.linkedin.com/posts/acme_a-roof-in-settat-share-71-aB3d?utm_source=share",
            "urn:li:share:71",
        ),
        ("https://www.linkedin.com/posts/acme_ugcPost-71-aB3d/", "urn:li:ugcPost:71"),
        (
            '<iframe src="https://www.linkedin.com/embed/feed/update/urn:li:share:71?collapsed=1" height="500"'
            ' width="504" frameborder="0" allowfullscreen="" title="Embedded post"></iframe>',
            "urn:li:share:71",
        ),
    ],
)
def test_company_post_is_read_from_what_people_paste(typed: str, urn: str) -> None:
    assert company_post_urn(typed) == urn


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "7141138937766391808",
        "urn:li:activity:7141138937766391808",
        "https://www.linkedin.com/feed/update/urn:li:activity:7141138937766391808/",
        "https://www.linkedin.com/posts/acme_activity-7141138937766391808-abcd",
        "https://evil.example/feed/update/urn:li:share:71",
        "https://linkedin.com.evil.example/feed/update/urn:li:share:71",
        "http://www.linkedin.com/feed/update/urn:li:share:71",
        "urn:li:share:71 et plus",
        "https://evil.example/posts/acme-share-71-aB3d",
        '<iframe src="https://evil.example/embed/feed/update/urn:li:share:71"></iframe>',
        "urn:li:share:",
        "urn:li:share:" + "7" * 26,
    ],
)
def test_company_post_refuses_what_cannot_be_passed_on(typed: str) -> None:
    assert company_post_urn(typed) is None


@pytest.mark.parametrize(
    ("typed", "is_activity"),
    [
        ("https://www.linkedin.com/posts/acme_activity-7141138937766391808-abcd", True),
        ("https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A7141138937766391808", True),
        ("https://www.linkedin.com/company/acme", False),
    ],
)
def test_place_in_a_feed_is_told_from_what_is_no_post_at_all(typed: str, is_activity: bool) -> None:
    assert names_activity(typed) == is_activity


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


# What LinkedIn answers


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
