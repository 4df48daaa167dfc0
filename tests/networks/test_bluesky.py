"""Bluesky from handle to post, against a network that goes wrong when told to; its own servers are asked elsewhere."""

import json
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey

from networks.fakes.bluesky import (
    ADDRESS,
    APP_PASSWORD,
    AUTHORITY,
    DID,
    HANDLE,
    KEYS,
    MAIN_PASSWORD,
    OTHER_DID,
    REDIRECT,
    REQUEST_URI,
    SERVER,
    SIGNING_KEY,
    FakeBluesky,
    loopback_keys,
)
from networks.fakes.server import CODE, NOW, REFRESH, TOKEN, says, stays_silent
from portevoix.networks.bluesky import client, dpop, identity, records, signing
from portevoix.networks.bluesky.publisher import BlueskyPublisher
from portevoix.networks.bluesky.sign_in import BlueskySignIn
from portevoix.networks.contract import Attachment, Card, Draft
from portevoix.networks.direct import Ask, Begun, Finding, Grant, Key, Keys, Media
from portevoix.networks.failures import (
    Absent,
    Disconnected,
    Duplicate,
    NetworkFailure,
    OperatorMust,
    OutcomeUnknown,
    PrepareAgain,
    Refused,
    SignInAgain,
    TryLater,
)

URL = "https://go.acme.example/r/Ab3dE"
DRAFT = Draft(
    "Nous recrutons #emploi", URL, language="fr", card=Card("Un titre", "Un résumé", Attachment("cover"))
)
KEY = Key("Sh4reC0de", NOW - 60)
PUT = "POST /xrpc/com.atproto.repo.putRecord"
SIGN_IN, PUBLISHER = BlueskySignIn(), BlueskyPublisher()
ANSWER = {"state": "st4te", "iss": AUTHORITY, "code": CODE}
DAY = 86_400


@pytest.fixture
def bluesky() -> Iterator[FakeBluesky]:
    with FakeBluesky() as network:
        assert isinstance(network, FakeBluesky)
        yield network


def load(code: str) -> Media:
    content = b"\xff" * (1_000_001 if code == "heavy" else 2_000_001 if code == "heavier" else 8)
    return Media(content, "image/jpeg", alt="Une photo", width=1200, height=630)


def ask(typed: str = HANDLE, keys: Keys = KEYS) -> Ask:
    return Ask(keys, REDIRECT if keys is KEYS else "http://127.0.0.1:8000/back", "st4te", typed)


def begun(bluesky: FakeBluesky, typed: str = HANDLE, keys: Keys = KEYS) -> Begun:
    return SIGN_IN.begin(ask(typed, keys), bluesky.wire())


def finished(bluesky: FakeBluesky, keys: Keys = KEYS, **answer: str) -> Grant:
    kept = begun(bluesky, keys=keys).kept
    return SIGN_IN.finish(ask(keys=keys), kept, {**ANSWER, **answer}, bluesky.wire())


def refusal(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as why:
        act()
    return why.value


# --- from what is typed to where the account lives ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ana.bsky.social", "ana.bsky.social"),
        (" @Ana.Bsky.Social ", "ana.bsky.social"),
        ("\u202a@ana.bsky.social\u202c", "ana.bsky.social"),
        ("https://bsky.app/profile/ana.bsky.social", "ana.bsky.social"),
        ("bsky.app/profile/ana.bsky.social/post/3l6oveex3ii2l?x=1", "ana.bsky.social"),
        ("at://ana.bsky.social", "ana.bsky.social"),
        ("https://ana.example/", "ana.example"),
        (f"https://bsky.app/profile/{DID}", DID),
        (DID, DID),
        ("did:web:ana.example", "did:web:ana.example"),
    ],
)
def test_handle_is_read_from_what_people_type(typed: str, name: str) -> None:
    assert identity.cleaned(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "", "ana", "@", "ana@example.com", "ana.example:8080", "127.0.0.1", "ana..example", "-a.example",
        "ana.example#x", "did:plc:short", "did:web:localhost", "did:web:ana.example:x", "did:key:abc", "ana.é",
        "a" * 64 + ".example", ".".join(["abcdefgh"] * 40), "user:pw@ana.example", "ana .example",
    ],
)  # fmt: skip
def test_what_is_no_handle_is_refused(typed: str) -> None:
    assert refusal(lambda: identity.cleaned(typed)).reason == "bad_handle"


@given(typed=st.text(max_size=80) | st.text(alphabet="ana.@:/#?%[]did:web-1 ", max_size=60))
def test_what_is_typed_never_becomes_more_than_a_name(typed: str) -> None:
    try:
        name = identity.cleaned(typed)
    except Refused:
        return

    host = name.removeprefix("did:web:").removeprefix("did:plc:")
    assert urlsplit(f"https://{host}/x")[1:3] == (host, "/x")


def test_account_is_found_by_its_own_website(bluesky: FakeBluesky) -> None:
    found = identity.account_of(f"@{HANDLE}", bluesky.wire())

    assert found == identity.Account(DID, HANDLE, SERVER)
    assert bluesky.lines() == ["GET /.well-known/atproto-did", f"GET /{DID}"]


def test_account_without_a_website_is_found_by_the_resolver(bluesky: FakeBluesky) -> None:
    bluesky.has_website = False

    assert identity.account_of(HANDLE, bluesky.wire()).did == DID


def test_website_that_lets_callers_wait_leaves_time_for_the_rest(
    bluesky: FakeBluesky, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "HANDLE_SECONDS", 0.2)
    bluesky.plan(stays_silent(), on=r"GET /\.well-known/atproto-did")

    assert identity.account_of(HANDLE, bluesky.wire()).did == DID


def test_account_named_by_its_did_needs_no_handle(bluesky: FakeBluesky) -> None:
    bluesky.document = {"alsoKnownAs": []}

    assert identity.account_of(DID, bluesky.wire()) == identity.Account(DID, "", SERVER)


def test_account_of_the_web_kind_is_found(bluesky: FakeBluesky) -> None:
    assert identity.account_of("did:web:web.example", bluesky.wire()).server == SERVER


def test_handle_that_nobody_knows_is_refused(bluesky: FakeBluesky) -> None:
    bluesky.has_website, bluesky.resolver_did = False, ""

    assert refusal(lambda: identity.account_of(HANDLE, bluesky.wire())).reason == "not_found"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"alsoKnownAs": ["at://noor.example"]}, "handle_not_confirmed"),
        ({"alsoKnownAs": [f"https://{HANDLE}"]}, "handle_not_confirmed"),
        ({"alsoKnownAs": None}, "handle_not_confirmed"),
        ({"id": OTHER_DID}, "not_found"),
        ({"service": []}, "not_that_network"),
        ({"service": "none"}, "not_that_network"),
        ({"service": [{"id": "#other", "serviceEndpoint": SERVER}]}, "not_that_network"),
        ({"service": [{"id": "#atproto_pds", "serviceEndpoint": "http://pds.example"}]}, "not_that_network"),
        ({"service": [{"id": "#atproto_pds", "serviceEndpoint": {}}]}, "not_that_network"),
    ],
)
def test_account_that_does_not_hold_together_is_refused(
    bluesky: FakeBluesky, document: dict[str, Any], reason: str
) -> None:
    bluesky.document = document

    assert refusal(lambda: identity.account_of(HANDLE, bluesky.wire())).reason == reason


@pytest.mark.parametrize(
    "address",
    ["https://pds.example", "https://PDS.example/", "https://pds.example:8443", "http://localhost:2583"],
)
def test_address_of_a_server_is_an_https_origin_or_a_development_one(address: str) -> None:
    assert identity.trusted_origin(address) == address.lower().rstrip("/")


@pytest.mark.parametrize(
    "address",
    [
        "", "http://pds.example", "http://localhost", "http://127.0.0.1:2583", "https://localhost", "ftp://pds.example",
        "https://pds.example/path", "https://pds.example?x", "https://pds.example#x", "https://a@pds.example",
        "https://a:b@pds.example", "https://pds.example:x", "http://localhost:2583@pds.example", "//pds.example",
        "http://[::1]:2583", "https://[", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_other_addresses_are_no_server(address: str) -> None:
    assert refusal(lambda: identity.trusted_origin(address)).reason == "not_that_network"


@pytest.mark.parametrize(
    ("resource", "described"),
    [
        ({"resource": "https://other.example"}, {}),
        ({"authorization_servers": []}, {}),
        ({"authorization_servers": ["http://auth.example"]}, {}),
        ({}, {"issuer": "https://other.example"}),
        ({}, {"issuer": f"{AUTHORITY}/"}),
        ({}, {"require_pushed_authorization_requests": False}),
        ({}, {"authorization_response_iss_parameter_supported": "true"}),
        ({}, {"client_id_metadata_document_supported": None}),
        ({}, {"code_challenge_methods_supported": ["plain"]}),
        ({}, {"dpop_signing_alg_values_supported": "ES256"}),
        ({}, {"protected_resources": ["https://other.example"]}),
        ({}, {"token_endpoint": "http://auth.example/token"}),
        ({}, {"authorization_endpoint": "javascript:alert(1)"}),
        ({}, {"revocation_endpoint": ""}),
    ],
)
def test_authority_that_does_not_keep_us_safe_is_refused(
    bluesky: FakeBluesky, resource: dict[str, Any], described: dict[str, Any]
) -> None:
    bluesky.resource, bluesky.described = resource, described

    assert refusal(lambda: begun(bluesky)).reason == "not_that_network"


# --- who we are --------------------------------------------------------------------------------------------------------
def test_installation_describes_itself_at_an_address_of_its_own() -> None:
    described = client.client_metadata(f"{ADDRESS}/", REDIRECT)

    assert described["client_id"] == KEYS.client_id == f"{ADDRESS}/oauth/bluesky/client.json"
    assert described["jwks_uri"] == f"{ADDRESS}/oauth/bluesky/jwks.json"
    assert described["redirect_uris"] == [REDIRECT]
    assert described["token_endpoint_auth_method"] == "private_key_jwt"
    assert described["dpop_bound_access_tokens"] is True
    assert described["scope"] == "atproto repo:app.bsky.feed.post blob:image/* transition:generic"


def test_what_everybody_may_read_holds_no_private_key() -> None:
    public = client.public_jwks(SIGNING_KEY)["keys"]

    assert [set(one) for one in public] == [{"kty", "crv", "x", "y", "kid", "use", "alg"}]
    assert json.loads(SIGNING_KEY)["d"] not in json.dumps([public, client.client_metadata(ADDRESS, REDIRECT)])
    assert json.loads(SIGNING_KEY)["d"] not in repr(KEYS)


def test_client_on_ones_own_machine_is_described_in_its_name() -> None:
    described = parse_qs(urlsplit(loopback_keys().client_id).query)

    assert loopback_keys().client_id.startswith("http://localhost?")
    assert described["redirect_uri"] == ["http://127.0.0.1:8000/back"]
    assert loopback_keys().extra == {}


@pytest.mark.parametrize("address", ["http://intranet.example", "http://localhost:8000", "http://10.0.0.1"])
def test_there_is_no_such_sign_in_over_http(bluesky: FakeBluesky, address: str) -> None:
    keys = client.keys_for_address(address, f"{address}/back", SIGNING_KEY)

    with pytest.raises(OperatorMust) as why:
        begun(bluesky, keys=keys)
    assert why.value.reason == "https_needed"


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
    frozen = PUBLISHER.freeze(replace(DRAFT, card=None), KEY)

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
        PUBLISHER.publish(PUBLISHER.freeze(DRAFT, KEY), {}, bluesky.oauth_grant(), bluesky.wire())
    assert bluesky.lines() == [PUT, PUT]


def test_answer_lost_after_the_number_was_given_is_unknown(bluesky: FakeBluesky) -> None:
    bluesky.plan(says(401, {"error": "use_dpop_nonce"}, DPoP_Nonce="nonce-1"), stays_silent())
    grant = bluesky.oauth_grant()
    frozen = PUBLISHER.freeze(replace(DRAFT, card=None), KEY)

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


# --- signing in --------------------------------------------------------------------------------------------------------
def test_sign_in_asks_for_the_least(bluesky: FakeBluesky) -> None:
    found = begun(bluesky)

    address = urlsplit(found.url)
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{AUTHORITY}/oauth/authorize"
    assert parse_qs(address.query) == {"client_id": [KEYS.client_id], "request_uri": [REQUEST_URI]}
    pushed = bluesky.pushed[0]
    assert pushed["scope"] == "atproto repo:app.bsky.feed.post blob:image/*"
    assert (pushed["login_hint"], pushed["state"], pushed["redirect_uri"]) == (HANDLE, "st4te", REDIRECT)
    assert pushed["code_challenge_method"] == "S256"
    assert "client_assertion" in pushed
    assert found.kept["verifier"] not in repr(found)


def test_sign_in_asks_for_more_only_where_fine_rights_are_unknown(bluesky: FakeBluesky) -> None:
    bluesky.refused_scopes = frozenset({"repo:app.bsky.feed.post"})

    begun(bluesky)

    assert [one["scope"] for one in bluesky.pushed] == ["atproto transition:generic"]


def test_sign_in_gives_a_grant_that_lasts_as_they_say(bluesky: FakeBluesky) -> None:
    grant = finished(bluesky)

    assert (grant.account_id, grant.access_token) == (DID, TOKEN)
    assert grant.expires_at == NOW + 3599
    assert grant.refresh_expires_at == NOW + 90 * DAY
    assert Grant.from_dict(json.loads(json.dumps(grant.as_dict()))) == grant
    assert not any(secret in repr(grant) for secret in (TOKEN, REFRESH, grant.extra["key"]))
    assert bluesky.proofs[-1]["jkt"] == bluesky.proofs[0]["jkt"]


def test_sign_in_on_ones_own_machine_lasts_two_weeks(bluesky: FakeBluesky) -> None:
    grant = finished(bluesky, loopback_keys())

    assert grant.refresh_expires_at == NOW + 14 * DAY
    assert "client_assertion" not in bluesky.pushed[0]


@pytest.mark.parametrize("iss", ["https://evil.example", "", f"{AUTHORITY}/"])
def test_answer_of_another_authority_is_refused_before_the_code_travels(
    bluesky: FakeBluesky, iss: str
) -> None:
    assert refusal(lambda: finished(bluesky, iss=iss)).reason == "other_issuer"
    assert "POST /oauth/token" not in bluesky.lines()


def test_no_is_taken_for_a_no(bluesky: FakeBluesky) -> None:
    assert refusal(lambda: finished(bluesky, code="", error="access_denied")).reason == "sign_in_declined"


def test_code_that_is_worth_nothing_is_refused(bluesky: FakeBluesky) -> None:
    why = refusal(lambda: finished(bluesky, code="s3cr3t-other-code"))

    assert (why.reason, why.detail) == ("sign_in_refused", "invalid_grant")


@pytest.mark.parametrize(
    ("mood", "reason"),
    [
        ({"sub": OTHER_DID}, "other_account"),
        ({"granted_scope": "atproto blob:image/*"}, "permissions_missing"),
        ({"granted_scope": "atproto repo:app.bsky.feed.post?action=create"}, "permissions_missing"),
        ({"granted_scope": "atproto repo:app.bsky.feed.like"}, "permissions_missing"),
    ],
)
def test_grant_that_is_not_what_was_asked_for_is_given_back(
    bluesky: FakeBluesky, mood: Mapping[str, str], reason: str
) -> None:
    for name, value in mood.items():
        setattr(bluesky, name, value)

    assert refusal(lambda: finished(bluesky)).reason == reason
    assert bluesky.revoked == [f"{REFRESH}-1"]


@pytest.mark.parametrize(
    "scope",
    [
        "repo:app.bsky.feed.post",
        "repo:*",
        "repo:app.bsky.feed.post?action=create&action=update",
        "repo?collection=app.bsky.feed.like&collection=app.bsky.feed.post",
        "transition:generic",
    ],
)
def test_rights_that_are_enough_are_known_in_every_writing(bluesky: FakeBluesky, scope: str) -> None:
    bluesky.granted_scope = f"atproto {scope}"

    assert finished(bluesky).scopes == ("atproto", scope)


def test_account_that_moved_meanwhile_is_refused(bluesky: FakeBluesky) -> None:
    kept = begun(bluesky).kept
    bluesky.document = {"service": [{"id": "#atproto_pds", "serviceEndpoint": "https://moved.example"}]}

    why = refusal(lambda: SIGN_IN.finish(ask(), kept, ANSWER, bluesky.wire()))

    assert why.reason == "other_issuer"


def test_token_that_is_bound_to_nothing_is_not_taken(bluesky: FakeBluesky) -> None:
    bluesky.token_type = "Bearer"

    with pytest.raises(TryLater):
        finished(bluesky)


@pytest.mark.parametrize("error", ["invalid_client", "invalid_client_metadata", "invalid_redirect_uri"])
def test_authority_that_cannot_read_who_we_are_asks_for_the_operator(
    bluesky: FakeBluesky, error: str
) -> None:
    bluesky.plan(says(400, {"error": error, "error_description": "cannot fetch"}), on="POST /oauth/par")

    with pytest.raises(OperatorMust) as why:
        begun(bluesky)
    assert (why.value.reason, why.value.detail) == ("client_refused", "cannot fetch")


def test_signing_key_that_is_missing_is_said(bluesky: FakeBluesky) -> None:
    with pytest.raises(OperatorMust) as why:
        begun(bluesky, keys=Keys(KEYS.client_id))
    assert why.value.reason == "signing_key_missing"


def test_account_is_who_the_server_and_the_directory_say(bluesky: FakeBluesky) -> None:
    who = SIGN_IN.who(bluesky.oauth_grant(), bluesky.wire())

    assert (who.account_id, who.handle, who.name) == (DID, f"@{HANDLE}", "Ana Lopes")
    assert who.url == f"https://bsky.app/profile/{DID}"


@pytest.mark.parametrize("document", [{"alsoKnownAs": ["at://noor.example"]}, {"alsoKnownAs": []}])
def test_handle_that_does_not_lead_back_is_not_shown(bluesky: FakeBluesky, document: dict[str, Any]) -> None:
    bluesky.document = document

    assert SIGN_IN.who(bluesky.oauth_grant(), bluesky.wire()).handle == ""


def test_account_put_to_sleep_is_disconnected(bluesky: FakeBluesky) -> None:
    bluesky.is_active = False

    with pytest.raises(Disconnected):
        SIGN_IN.who(bluesky.oauth_grant(), bluesky.wire())


def test_refresh_gives_a_new_pair_and_the_end_does_not_move_past_two_years(bluesky: FakeBluesky) -> None:
    grant = bluesky.oauth_grant()
    old = replace(grant, extra={**grant.extra, "begun_at": str(NOW - 700 * DAY)})

    fresh = SIGN_IN.refresh(old, KEYS, bluesky.wire())

    assert fresh.refresh_token == f"{REFRESH}-1"
    assert fresh.refresh_expires_at == NOW + 30 * DAY
    assert fresh.extra == old.extra
    with pytest.raises(SignInAgain):
        SIGN_IN.refresh(old, KEYS, bluesky.wire())


@pytest.mark.parametrize(
    "spoiled",
    [
        {"refresh_token": ""},
        {"extra": {"kind": "oauth"}},
        {"account_id": OTHER_DID},
    ],
)
def test_refresh_of_what_cannot_be_refreshed_asks_to_sign_in_again(
    bluesky: FakeBluesky, spoiled: dict[str, Any]
) -> None:
    grant = replace(bluesky.oauth_grant(), **spoiled)

    with pytest.raises(SignInAgain):
        SIGN_IN.refresh(grant, KEYS, bluesky.wire())


def test_authority_that_does_not_answer_is_no_reason_to_sign_in_again(bluesky: FakeBluesky) -> None:
    bluesky.plan(says(503), on="POST /oauth/token")

    with pytest.raises(TryLater):
        SIGN_IN.refresh(bluesky.oauth_grant(), KEYS, bluesky.wire())


def test_sign_in_is_ended_with_the_token_that_lives_longest(bluesky: FakeBluesky) -> None:
    SIGN_IN.revoke(bluesky.oauth_grant(), KEYS, bluesky.wire())
    SIGN_IN.revoke(Grant(), KEYS, bluesky.wire())

    assert bluesky.revoked == [REFRESH]


# --- app passwords -----------------------------------------------------------------------------------------------------
def test_app_password_signs_in(bluesky: FakeBluesky) -> None:
    grant = SIGN_IN.sign_in_with_password(f"@{HANDLE}", f" {APP_PASSWORD.upper()} ", bluesky.wire())

    assert (grant.account_id, grant.expires_at) == (DID, NOW + 7200)
    assert grant.refresh_expires_at == NOW + 90 * DAY
    assert SIGN_IN.who(grant, bluesky.wire()).handle == f"@{HANDLE}"
    assert SIGN_IN.refresh(grant, Keys(), bluesky.wire()).account_id == DID


@pytest.mark.parametrize(
    "password", ["", "correct horse", "abcd-efgh-ijkl", "abcd-efgh-ijkl-mno1", "abcdefghijklmnop"]
)
def test_what_is_no_app_password_is_not_even_sent(bluesky: FakeBluesky, password: str) -> None:
    why = refusal(lambda: SIGN_IN.sign_in_with_password(HANDLE, password, bluesky.wire()))

    assert why.reason == "not_app_password"
    assert [line for line in bluesky.lines() if "createSession" in line] == []


def test_main_password_in_the_shape_of_another_is_not_kept(bluesky: FakeBluesky) -> None:
    why = refusal(lambda: SIGN_IN.sign_in_with_password(HANDLE, MAIN_PASSWORD, bluesky.wire()))

    assert why.reason == "not_app_password"
    assert bluesky.lines()[-1] == "POST /xrpc/com.atproto.server.deleteSession"


def test_wrong_app_password_is_refused_without_repeating_it(bluesky: FakeBluesky) -> None:
    wrong = "zzzz-zzzz-zzzz-zzzz"

    with pytest.raises(Refused) as why:
        SIGN_IN.sign_in_with_password(HANDLE, wrong, bluesky.wire())

    assert why.value.reason == "bad_password"
    assert wrong not in "".join(traceback.format_exception(why.value)) + repr(vars(why.value))


def test_app_password_of_a_suspended_account_is_disconnected(bluesky: FakeBluesky) -> None:
    bluesky.account_error = "AccountTakedown"

    with pytest.raises(Disconnected):
        SIGN_IN.sign_in_with_password(HANDLE, APP_PASSWORD, bluesky.wire())


def test_session_that_was_taken_back_asks_to_sign_in_again(bluesky: FakeBluesky) -> None:
    grant = SIGN_IN.sign_in_with_password(HANDLE, APP_PASSWORD, bluesky.wire())
    SIGN_IN.revoke(grant, Keys(), bluesky.wire())
    SIGN_IN.revoke(grant, Keys(), bluesky.wire())

    with pytest.raises(SignInAgain):
        SIGN_IN.refresh(grant, Keys(), bluesky.wire())


# --- records -----------------------------------------------------------------------------------------------------------
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

    assert PUBLISHER.prepare(PUBLISHER.freeze(draft, KEY), bluesky.grant(), load, bluesky.wire()) == {}


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
    frozen = PUBLISHER.freeze(replace(DRAFT, card=None), KEY)

    first = PUBLISHER.publish(frozen, {}, bluesky.grant(), bluesky.wire())

    assert PUBLISHER.publish(frozen, {}, bluesky.grant(), bluesky.wire()) == first
    assert len(bluesky.records) == 1


def test_post_that_its_author_changed_is_there_already(bluesky: FakeBluesky) -> None:
    frozen, grant = PUBLISHER.freeze(replace(DRAFT, card=None), KEY), bluesky.grant()
    published = PUBLISHER.publish(frozen, {}, grant, bluesky.wire())
    bluesky.records[published.post_id]["text"] = f"Autrement dit {URL}"

    with pytest.raises(Duplicate) as why:
        PUBLISHER.publish(frozen, {}, grant, bluesky.wire())

    assert (why.value.post_id, why.value.url) == (published.post_id, published.url)
    assert PUBLISHER.find(frozen, {}, grant, bluesky.wire()) == published


def test_other_record_under_our_key_is_neither_ours_nor_touched(bluesky: FakeBluesky) -> None:
    frozen, grant = PUBLISHER.freeze(replace(DRAFT, card=None), KEY), bluesky.grant()
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

    with pytest.raises(TryLater):
        PUBLISHER.find(PUBLISHER.freeze(DRAFT, KEY), {}, bluesky.grant(), bluesky.wire())


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
        PUBLISHER.publish(PUBLISHER.freeze(DRAFT, KEY), {}, bluesky.grant(), bluesky.wire())
    if isinstance(why.value, Refused):
        assert (why.value.reason, why.value.detail) == ("refused_by_network", "In their words")


def test_text_that_is_too_long_is_refused_in_their_words(bluesky: FakeBluesky) -> None:
    frozen = PUBLISHER.freeze(Draft("é" * 301), KEY)

    why = refusal(lambda: PUBLISHER.publish(frozen, {}, bluesky.grant(), bluesky.wire()))

    assert "maximum 300, got 301" in why.detail


def test_figures_are_read_by_anybody(bluesky: FakeBluesky) -> None:
    frozen = PUBLISHER.freeze(replace(DRAFT, card=None), KEY)
    post_id = PUBLISHER.publish(frozen, {}, bluesky.grant(), bluesky.wire()).post_id

    figures = PUBLISHER.read_figures(post_id, bluesky.grant(), bluesky.wire())

    assert figures == {"likes": 3, "reposts": 2, "replies": 1, "quotes": 0, "bookmarks": 4}
    assert "authorization" not in bluesky.requests[-1].headers


def test_post_that_is_not_counted_yet_is_not_gone(bluesky: FakeBluesky) -> None:
    frozen = PUBLISHER.freeze(replace(DRAFT, card=None), KEY)
    post_id = PUBLISHER.publish(frozen, {}, bluesky.grant(), bluesky.wire()).post_id
    bluesky.is_counted = False

    assert PUBLISHER.read_figures(post_id, bluesky.grant(), bluesky.wire()) == {}
    PUBLISHER.delete(post_id, frozen, bluesky.grant(), bluesky.wire())
    with pytest.raises(Absent):
        PUBLISHER.read_figures(post_id, bluesky.grant(), bluesky.wire())
