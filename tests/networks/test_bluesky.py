"""From a share to a record at Bluesky, against a network that goes wrong when told to."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey

from networks.fakes.bluesky import DID, SERVER, FakeBluesky
from networks.fakes.server import NOW, says, stays_silent
from portevoix.networks.bluesky import dpop, records, signing
from portevoix.networks.bluesky.publisher import BlueskyPublisher
from portevoix.networks.bluesky.sign_in import BlueskySignIn
from portevoix.networks.contract import Attachment, Card, Draft
from portevoix.networks.direct import Finding, Key, Media
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

URL = "https://go.acme.example/r/Ab3dE"
DRAFT = Draft(
    "Nous recrutons #emploi", URL, language="fr", card=Card("Un titre", "Un résumé", Attachment("cover"))
)
WORDS = replace(DRAFT, card=None)
KEY = Key("Sh4reC0de", NOW - 60)
PUT = "POST /xrpc/com.atproto.repo.putRecord"
SIGN_IN, PUBLISHER = BlueskySignIn(), BlueskyPublisher()


@pytest.fixture
def bluesky() -> Iterator[FakeBluesky]:
    with FakeBluesky() as network:
        assert isinstance(network, FakeBluesky)
        yield network


def load(code: str) -> Media:
    content = b"\xff" * (1_000_001 if code == "heavy" else 2_000_001 if code == "heavier" else 8)
    return Media(content, "image/jpeg", alt="Une photo", width=1200, height=630)


def refusal(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as why:
        act()
    return why.value


# --- proofs ------------------------------------------------------------------------------------------------------------
def test_proof_is_for_one_request_one_moment_one_token() -> None:
    key = signing.new_key()

    proof = dpop.proof(key, "GET", f"{SERVER}/xrpc/x?y=1#z", NOW, nonce="n", token="abc")
    decoded = jwt.decode(proof, ECKey.import_key(signing.public_part(key)), algorithms=["ES256"])

    assert decoded.header == {"typ": "dpop+jwt", "alg": "ES256", "jwk": signing.public_part(key)}
    # The digest of "abc", as everybody knows it.
    ath = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"
    jti = decoded.claims.pop("jti")
    assert decoded.claims == {
        "htm": "GET", "htu": f"{SERVER}/xrpc/x", "iat": int(NOW), "nonce": "n", "ath": ath,
    }  # fmt: skip
    assert len(jti) >= 16


def test_number_asked_for_is_given_and_the_post_is_sent_once(bluesky: FakeBluesky) -> None:
    grant = bluesky.oauth_grant()
    frozen = PUBLISHER.freeze(WORDS, KEY)

    PUBLISHER.publish(frozen, {}, grant, bluesky.wire())

    assert bluesky.lines() == [PUT, PUT]
    assert [proof.get("nonce") for proof in bluesky.proofs] == [None, "nonce-1"]
    assert len({proof["jti"] for proof in bluesky.proofs}) == 2
    assert len(bluesky.records) == 1


def test_number_is_kept_for_the_next_request_of_a_conversation(bluesky: FakeBluesky) -> None:
    pictures = (Attachment("a"), Attachment("b"))
    frozen = PUBLISHER.freeze(replace(DRAFT, card=None, pictures=pictures), KEY)

    PUBLISHER.prepare(frozen, bluesky.oauth_grant(), load, bluesky.wire())

    assert bluesky.lines() == ["POST /xrpc/com.atproto.repo.uploadBlob"] * 3


def test_number_refused_twice_ends_there_and_nothing_was_done(bluesky: FakeBluesky) -> None:
    refused = says(401, {"error": "use_dpop_nonce", "message": "nonce"}, DPoP_Nonce="never-right")
    bluesky.plan(refused, refused)

    with pytest.raises(TryLater):
        PUBLISHER.publish(PUBLISHER.freeze(WORDS, KEY), {}, bluesky.oauth_grant(), bluesky.wire())
    assert bluesky.lines() == [PUT, PUT]


def test_answer_lost_after_the_number_was_given_is_unknown(bluesky: FakeBluesky) -> None:
    bluesky.plan(says(401, {"error": "use_dpop_nonce"}, DPoP_Nonce="nonce-1"), stays_silent())
    grant = bluesky.oauth_grant()
    frozen = PUBLISHER.freeze(WORDS, KEY)

    with pytest.raises(OutcomeUnknown):
        PUBLISHER.publish(frozen, {}, grant, bluesky.wire(0.4))

    assert PUBLISHER.find(frozen, {}, grant, bluesky.wire()) == PUBLISHER.publish(
        frozen, {}, grant, bluesky.wire()
    )
    assert len(bluesky.records) == 1


def test_proof_that_does_not_hold_is_the_operators_matter(bluesky: FakeBluesky) -> None:
    late = replace(bluesky.wire(), now=NOW - 300)

    with pytest.raises(OperatorMust) as why:
        SIGN_IN.who(bluesky.oauth_grant(), late)
    assert why.value.reason == "proof_refused"


# --- records -----------------------------------------------------------------------------------------------------------
def test_refused_proof_is_told_without_the_token(bluesky: FakeBluesky) -> None:
    case = bluesky.grant()
    bluesky.plan(
        says(400, {"error": "invalid_dpop_proof", "message": f"not of {case.access_token}"}), on=".*"
    )

    with pytest.raises(OperatorMust) as why:
        SIGN_IN.who(case, bluesky.wire())

    assert why.value.detail == "not of …"


def test_picture_is_kept_by_what_is_known_of_it_alone(bluesky: FakeBluesky) -> None:
    blob = {
        "$type": "x",
        "ref": {"$link": "bafy\x00", "a": [[]]},
        "mimeType": "image/jpeg",
        "size": 8,
        "more": "\ud800",
    }
    bluesky.plan(says(200, {"blob": blob}), on=".*uploadBlob")

    prepared = PUBLISHER.prepare(PUBLISHER.freeze(DRAFT, KEY), bluesky.grant(), load, bluesky.wire())

    assert prepared["thumb"] == {
        "$type": "blob",
        "ref": {"$link": "bafy"},
        "mimeType": "image/jpeg",
        "size": 8,
    }


def test_record_is_the_whole_post() -> None:
    frozen = PUBLISHER.freeze(replace(DRAFT, disclosure="Je travaille chez Acme"), KEY)

    assert frozen["record"] == {
        "$type": "app.bsky.feed.post",
        "text": "Je travaille chez Acme\nNous recrutons #emploi",
        "createdAt": "2026-11-30T08:59:00.000Z",
        "langs": ["fr"],
        "facets": [
            {
                "index": {"byteStart": 38, "byteEnd": 45},
                "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "emploi"}],
            }
        ],
        "embed": {
            "$type": "app.bsky.embed.external",
            "external": {"uri": URL, "title": "Un titre", "description": "Un résumé"},
        },
    }


def test_card_is_cut_where_a_reader_would_not_mind() -> None:
    card = Card("👨‍👩‍👧‍👦" * 301, "a  b\n" + "é" * 400)

    external = PUBLISHER.freeze(replace(DRAFT, card=card), KEY)["record"]["embed"]["external"]

    assert external["title"] == "👨‍👩‍👧‍👦" * 299 + "…"
    assert external["description"].startswith("a b éé")


@given(code=st.text(min_size=1, max_size=20), at=st.floats(min_value=0, max_value=4e9))
def test_record_key_is_a_tid_and_always_the_same(code: str, at: float) -> None:
    rkey = records.record_key(Key(code, at))

    assert rkey == records.record_key(Key(code, at))
    assert len(rkey) == 13
    assert set(rkey) <= set(records.TID_LETTERS)
    assert rkey[0] in "234567abcdefghij"


@given(first=st.integers(0, 2**53 - 1), second=st.integers(0, 2**53 - 1), clock=st.integers(0, 1023))
def test_record_keys_sort_as_their_moments_follow(first: int, second: int, clock: int) -> None:
    assert (records.tid(first, clock) < records.tid(second, clock)) == (first < second)


def test_record_key_of_the_network_itself_is_read_alike() -> None:
    """One that Bluesky's own specification shows."""
    number = 0
    for letter in "3jzfcijpj2z2a":
        number = number << 5 | records.TID_LETTERS.index(letter)

    assert records.tid(number >> 10, number & 1023) == "3jzfcijpj2z2a"


def test_shares_approved_in_one_moment_have_keys_of_their_own() -> None:
    keys = {records.record_key(Key(f"share{number}", NOW)) for number in range(300)}

    assert len(keys) == 300


# --- publishing --------------------------------------------------------------------------------------------------------
def test_card_has_its_picture(bluesky: FakeBluesky) -> None:
    frozen, grant = PUBLISHER.freeze(DRAFT, KEY), bluesky.grant()

    prepared = PUBLISHER.prepare(frozen, grant, load, bluesky.wire())
    published = PUBLISHER.publish(frozen, prepared, grant, bluesky.wire())

    thumb = bluesky.records[published.post_id]["embed"]["external"]["thumb"]
    assert bluesky.blobs[thumb["ref"]["$link"]] == load("cover").content
    assert published.url == f"https://bsky.app/profile/{DID}/post/{published.post_id}"


def test_card_goes_without_a_picture_that_is_too_big(bluesky: FakeBluesky) -> None:
    draft = replace(DRAFT, card=Card("Un titre", picture=Attachment("heavy")))

    frozen = PUBLISHER.freeze(draft, KEY)

    prepared = PUBLISHER.prepare(frozen, bluesky.grant(), load, bluesky.wire())

    published = PUBLISHER.publish(frozen, prepared, bluesky.grant(), bluesky.wire())
    assert "thumb" not in bluesky.records[published.post_id]["embed"]["external"]


def test_post_is_never_sent_without_the_pictures_that_were_approved(bluesky: FakeBluesky) -> None:
    pictures = replace(DRAFT, card=None, pictures=(Attachment("a"), Attachment("b")))

    for draft, prepared in ((DRAFT, {}), (pictures, {}), (pictures, {"pictures": [{}]})):
        with pytest.raises(PrepareAgain):
            PUBLISHER.publish(PUBLISHER.freeze(draft, KEY), prepared, bluesky.grant(), bluesky.wire())
    assert bluesky.requests == []


def test_pictures_are_described_and_have_their_shape(bluesky: FakeBluesky) -> None:
    draft = replace(DRAFT, card=None, pictures=(Attachment("a", alt="Le stand"), Attachment("heavy")))
    frozen, grant = PUBLISHER.freeze(draft, KEY), bluesky.grant()

    prepared = PUBLISHER.prepare(frozen, grant, load, bluesky.wire())
    published = PUBLISHER.publish(frozen, prepared, grant, bluesky.wire())

    images = bluesky.records[published.post_id]["embed"]["images"]
    assert [one["alt"] for one in images] == ["Le stand", "Une photo"]
    assert images[0]["aspectRatio"] == {"width": 1200, "height": 630}
    assert URL in bluesky.records[published.post_id]["text"]


def test_picture_that_is_too_big_is_refused(bluesky: FakeBluesky) -> None:
    frozen = PUBLISHER.freeze(replace(DRAFT, card=None, pictures=(Attachment("heavier"),)), KEY)

    why = refusal(lambda: PUBLISHER.prepare(frozen, bluesky.grant(), load, bluesky.wire()))

    assert why.reason == "picture_too_big"


def test_too_many_pictures_are_said() -> None:
    draft = replace(DRAFT, card=None, pictures=tuple(Attachment(str(number)) for number in range(5)))

    problems = PUBLISHER.problems(draft, PUBLISHER.composer.network.limits)

    assert [(one.code, one.facts) for one in problems] == [("too_many_pictures", {"count": 5, "limit": 4})]


def test_post_published_twice_is_one(bluesky: FakeBluesky) -> None:
    frozen = PUBLISHER.freeze(WORDS, KEY)

    first = PUBLISHER.publish(frozen, {}, bluesky.grant(), bluesky.wire())

    assert PUBLISHER.publish(frozen, {}, bluesky.grant(), bluesky.wire()) == first
    assert len(bluesky.records) == 1


def test_post_that_its_author_changed_is_there_already(bluesky: FakeBluesky) -> None:
    frozen, grant = PUBLISHER.freeze(WORDS, KEY), bluesky.grant()
    published = PUBLISHER.publish(frozen, {}, grant, bluesky.wire())
    bluesky.records[published.post_id]["text"] = f"Autrement dit {URL}"

    with pytest.raises(Duplicate) as why:
        PUBLISHER.publish(frozen, {}, grant, bluesky.wire())

    assert (why.value.post_id, why.value.url) == (published.post_id, published.url)
    assert PUBLISHER.find(frozen, {}, grant, bluesky.wire()) == published


def test_other_record_under_our_key_is_neither_ours_nor_touched(bluesky: FakeBluesky) -> None:
    frozen, grant = PUBLISHER.freeze(WORDS, KEY), bluesky.grant()
    bluesky.records[frozen["rkey"]] = {"text": "Autre chose", "createdAt": "2026-01-01T00:00:00.000Z"}

    assert PUBLISHER.find(frozen, {}, grant, bluesky.wire()) is Finding.ABSENT
    why = refusal(lambda: PUBLISHER.publish(frozen, {}, grant, bluesky.wire()))
    assert why.reason == "key_taken"
    assert bluesky.records[frozen["rkey"]]["text"] == "Autre chose"


def test_post_without_a_link_is_known_by_its_moment(bluesky: FakeBluesky) -> None:
    frozen, grant = PUBLISHER.freeze(Draft("Bonjour"), KEY), bluesky.grant()

    published = PUBLISHER.publish(frozen, {}, grant, bluesky.wire())

    assert PUBLISHER.find(frozen, {}, grant, bluesky.wire()) == published


def test_looking_needs_no_token(bluesky: FakeBluesky) -> None:
    frozen = PUBLISHER.freeze(DRAFT, KEY)

    PUBLISHER.find(frozen, {}, bluesky.grant(), bluesky.wire())

    assert "authorization" not in bluesky.requests[-1].headers


def test_question_that_is_refused_says_nothing_of_the_post(bluesky: FakeBluesky) -> None:
    bluesky.plan(says(400, {"error": "InvalidRequest", "message": "Could not find repo"}), on="GET .*")

    with pytest.raises(TryLater) as why:
        PUBLISHER.find(PUBLISHER.freeze(DRAFT, KEY), {}, bluesky.grant(), bluesky.wire())
    assert why.value.scope is Scope.ACCOUNT


@pytest.mark.parametrize(
    ("status", "error", "failure"),
    [
        (401, "AccountTakedown", Disconnected),
        (401, "AccountDeactivated", Disconnected),
        (403, "AccountNotFound", Disconnected),
        (400, "RepoTakendown", Disconnected),
        (400, "ExpiredToken", SignInAgain),
        (400, "InvalidToken", SignInAgain),
        (401, "invalid_token", SignInAgain),
        (401, "AuthenticationRequired", SignInAgain),
        (403, "ScopeMissingError", SignInAgain),
        (401, "invalid_dpop_proof", OperatorMust),
        (401, "use_dpop_nonce", TryLater),
        (400, "BlobNotFound", PrepareAgain),
        (400, "InvalidRequest", Refused),
        (404, "RepoNotFound", Refused),
        (413, "PayloadTooLarge", Refused),
        (502, "UpstreamFailure", OutcomeUnknown),
        (500, "InternalServerError", OutcomeUnknown),
    ],
)
def test_refusals_mean_what_must_be_done(
    bluesky: FakeBluesky, status: int, error: str, failure: type[NetworkFailure]
) -> None:
    bluesky.plan(says(status, {"error": error, "message": "In their words"}))

    with pytest.raises(failure) as why:
        PUBLISHER.publish(PUBLISHER.freeze(WORDS, KEY), {}, bluesky.grant(), bluesky.wire())
    if isinstance(why.value, Refused):
        assert (why.value.reason, why.value.detail) == ("refused_by_network", "In their words")


def test_text_that_is_too_long_is_refused_in_their_words(bluesky: FakeBluesky) -> None:
    frozen = PUBLISHER.freeze(Draft("é" * 301), KEY)

    why = refusal(lambda: PUBLISHER.publish(frozen, {}, bluesky.grant(), bluesky.wire()))

    assert "maximum 300, got 301" in why.detail


def test_figures_are_read_by_anybody(bluesky: FakeBluesky) -> None:
    frozen = PUBLISHER.freeze(WORDS, KEY)
    post_id = PUBLISHER.publish(frozen, {}, bluesky.grant(), bluesky.wire()).post_id

    figures = PUBLISHER.read_figures(post_id, bluesky.grant(), bluesky.wire())

    assert figures == {"likes": 3, "reposts": 2, "replies": 1, "quotes": 0, "bookmarks": 4}
    assert "authorization" not in bluesky.requests[-1].headers


def test_post_that_is_not_counted_yet_is_not_gone(bluesky: FakeBluesky) -> None:
    frozen = PUBLISHER.freeze(WORDS, KEY)
    post_id = PUBLISHER.publish(frozen, {}, bluesky.grant(), bluesky.wire()).post_id
    bluesky.is_counted = False

    assert PUBLISHER.read_figures(post_id, bluesky.grant(), bluesky.wire()) == {}
    PUBLISHER.delete(post_id, frozen, bluesky.grant(), bluesky.wire())
    with pytest.raises(Absent):
        PUBLISHER.read_figures(post_id, bluesky.grant(), bluesky.wire())
