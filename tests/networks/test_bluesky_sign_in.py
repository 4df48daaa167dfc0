"""From a handle to a sign-in at Bluesky, against a network that goes wrong when told to."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from networks.fakes.bluesky import (
    ADDRESS,
    APP_PASSWORD,
    AUTHORITY,
    DID,
    HANDLE,
    KEYS,
    OTHER_DID,
    REDIRECT,
    REQUEST_URI,
    SIGNING_KEY,
    FakeBluesky,
    loopback_keys,
)
from networks.fakes.server import CODE, NOW, REFRESH, TOKEN, Fault, says
from portevoix.networks.bluesky import client
from portevoix.networks.bluesky.sign_in import BlueskySignIn
from portevoix.networks.direct import Ask, Begun, Grant, Keys
from portevoix.networks.failures import (
    Disconnected,
    OperatorMust,
    Refused,
    SignInAgain,
    TryLater,
)

SIGN_IN = BlueskySignIn()
ANSWER = {"state": "st4te", "iss": AUTHORITY, "code": CODE}
DAY = 86_400


@pytest.fixture
def bluesky() -> Iterator[FakeBluesky]:
    with FakeBluesky() as network:
        assert isinstance(network, FakeBluesky)
        yield network


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


def test_authority_that_repeats_our_secrets_is_quoted_without_them(bluesky: FakeBluesky) -> None:
    kept = begun(bluesky).kept
    words = f"bad assertion for {CODE} with {kept['verifier']}"
    said = {"error": "invalid_client", "error_description": words}
    refused = {"error": f"sorry {CODE}"}
    bluesky.plan(says(400, said), says(400, refused), on="POST /oauth/token")

    with pytest.raises(OperatorMust) as client_refused:
        SIGN_IN.finish(ask(), kept, ANSWER, bluesky.wire())
    with pytest.raises(Refused) as code_refused:
        SIGN_IN.finish(ask(), kept, ANSWER, bluesky.wire())

    assert client_refused.value.detail == "bad assertion for … with …"
    assert code_refused.value.detail == "sorry …"


def test_server_that_repeats_an_app_password_is_quoted_without_it(bluesky: FakeBluesky) -> None:
    said = {"error": "InvalidRequest", "message": f"{APP_PASSWORD} is too short"}
    bluesky.plan(says(400, said), on=".*createSession")

    why = refusal(lambda: SIGN_IN.sign_in_with_password(HANDLE, APP_PASSWORD, bluesky.wire()))

    assert why.detail == "… is too short"


@pytest.mark.parametrize(
    "end",
    ['"exp": 1e999', '"exp": NaN', '"exp": ' + "9" * 400, '"exp": -1', '"exp": "x"', '"a": ' + "[" * 9000],
)
def test_token_that_says_anything_of_its_end_is_taken_for_ten_years_at_most(
    bluesky: FakeBluesky, end: str
) -> None:
    claims = base64.urlsafe_b64encode(f'{{"scope": "com.atproto.appPass", {end}}}'.encode()).decode()
    said = {"accessJwt": f"a.{claims}.c", "refreshJwt": f"a.{claims}.c", "did": DID}
    bluesky.plan(says(200, said), on=".*createSession")

    grant = SIGN_IN.sign_in_with_password(HANDLE, APP_PASSWORD, bluesky.wire())

    assert grant.expires_at is None or 0 < grant.expires_at <= NOW + 3660 * DAY


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


@pytest.mark.parametrize("page", [says(503), says(403), says(200, {"name": "Portail"})])
def test_authority_that_does_not_answer_is_no_reason_to_sign_in_again(
    bluesky: FakeBluesky, page: Fault
) -> None:
    bluesky.plan(page, on="POST /oauth/token")

    with pytest.raises(TryLater):
        SIGN_IN.refresh(bluesky.oauth_grant(), KEYS, bluesky.wire())


def test_sign_in_that_cannot_be_ended_is_let_go(bluesky: FakeBluesky) -> None:
    bluesky.described = {"revocation_endpoint": None}

    SIGN_IN.revoke(finished(bluesky), KEYS, bluesky.wire())

    assert bluesky.revoked == []


def test_sign_in_is_ended_with_the_token_that_lives_longest(bluesky: FakeBluesky) -> None:
    SIGN_IN.revoke(bluesky.oauth_grant(), KEYS, bluesky.wire())
    SIGN_IN.revoke(Grant(), KEYS, bluesky.wire())

    assert bluesky.revoked == [REFRESH]
