"""From what is typed to where a Bluesky account lives, and to a server that keeps us safe."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.fakes.bluesky import (
    AUTHORITY,
    DID,
    HANDLE,
    KEYS,
    OTHER_DID,
    REDIRECT,
    SERVER,
    FakeBluesky,
)
from networks.fakes.server import stays_silent
from portevoix.networks.bluesky import identity
from portevoix.networks.bluesky.sign_in import BlueskySignIn
from portevoix.networks.direct import Ask, Begun, Keys
from portevoix.networks.failures import (
    Refused,
)

SIGN_IN = BlueskySignIn()


@pytest.fixture
def bluesky() -> Iterator[FakeBluesky]:
    with FakeBluesky() as network:
        assert isinstance(network, FakeBluesky)
        yield network


def ask(typed: str = HANDLE, keys: Keys = KEYS) -> Ask:
    return Ask(keys, REDIRECT if keys is KEYS else "http://127.0.0.1:8000/back", "st4te", typed)


def begun(bluesky: FakeBluesky, typed: str = HANDLE, keys: Keys = KEYS) -> Begun:
    return SIGN_IN.begin(ask(typed, keys), bluesky.wire())


def refusal(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as why:
        act()
    return why.value


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
        "https://pds.example\r\n", "https://pds\t.example", "https://pds.example\\@b.example", "https://pds.é.example",
        "https://pds.example/" + "a" * 2000,
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
        ({}, {"revocation_endpoint": "http://auth.example/revoke"}),
        ({}, {"authorization_endpoint": f"{AUTHORITY}/authorize\r\nSet-Cookie: a=b"}),
        ({}, {"authorization_endpoint": f"{AUTHORITY}/authorize\n"}),
        ({}, {"authorization_endpoint": f"{AUTHORITY}/a b"}),
        ({}, {"authorization_endpoint": f"{AUTHORITY}/authorize#x"}),
        ({}, {"authorization_endpoint": "https://auth.example@other.example/"}),
        ({}, {"authorization_endpoint": "http://localhost:8000/admin"}),
        ({}, {"token_endpoint": "http://localhost:8000/"}),
        ({}, {"pushed_authorization_request_endpoint": f"{AUTHORITY}/par\t"}),
        ({"authorization_servers": ["http://localhost:8000"]}, {}),
    ],
)
def test_authority_that_does_not_keep_us_safe_is_refused(
    bluesky: FakeBluesky, resource: dict[str, Any], described: dict[str, Any]
) -> None:
    bluesky.resource, bluesky.described = resource, described

    assert refusal(lambda: begun(bluesky)).reason == "not_that_network"
