"""Our registration at a Mastodon server, and signing in there."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from networks.fakes.mastodon import (
    ACCOUNT,
    CLIENT,
    HOST,
    MASTODON,
    OLDER,
    REDIRECT,
    SERVER_A,
    SERVER_B,
    FakeMastodon,
    Style,
)
from networks.fakes.server import CODE, NOW, REFRESH, SECRET, TOKEN, says
from portevoix.networks.contract import Draft
from portevoix.networks.direct import Ask, Grant, Key, Keys, Media, Published, Registers
from portevoix.networks.failures import (
    Disconnected,
    OperatorMust,
    Refused,
    SignInAgain,
    TryLater,
)
from portevoix.networks.mastodon import media
from portevoix.networks.mastodon.publisher import MastodonPublisher
from portevoix.networks.mastodon.sign_in import MastodonSignIn

URL = "https://go.acme.example/r/Ab3dE"
DRAFT = Draft("Nous recrutons & formons #emploi", URL, language="fr", disclosure="Je travaille chez Acme")
KEY = Key("Sh4reC0de", NOW - 60)
SIGN_IN, PUBLISHER = MastodonSignIn(), MastodonPublisher()
ANSWER = {"state": "st4te", "code": CODE}
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


def ask(keys: Keys, redirect_uri: str = REDIRECT) -> Ask:
    return Ask(keys, redirect_uri, "st4te", HOST)


def finished(mastodon: FakeMastodon, **answer: str) -> Grant:
    keys = SIGN_IN.register(HOST, REDIRECT, mastodon.wire())
    kept = SIGN_IN.begin(ask(keys), mastodon.wire()).kept
    return SIGN_IN.finish(ask(keys), kept, {**ANSWER, **answer}, mastodon.wire())


def published(mastodon: FakeMastodon, draft: Draft = DRAFT, key: Key = KEY) -> Published:
    frozen = PUBLISHER.freeze(draft, key)
    prepared = PUBLISHER.prepare(frozen, mastodon.grant(), load, mastodon.wire())
    return PUBLISHER.publish(frozen, prepared, mastodon.grant(), mastodon.wire())


def refusal(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as why:
        act()
    return why.value


# --- our registration --------------------------------------------------------------------------------------------------
def test_sign_in_registers_at_each_server() -> None:
    assert isinstance(SIGN_IN, Registers)
    assert SIGN_IN.host_of("@ana@Social.Example") == HOST
    assert refusal(lambda: SIGN_IN.host_of("social")).reason == "bad_server"


@pytest.mark.parametrize(
    ("style", "scopes", "challenge"),
    [
        (MASTODON, "profile read:statuses write:statuses write:media", "S256"),
        (OLDER, "read:accounts read:statuses write:statuses write:media", ""),
        (SERVER_B, "read:accounts read:statuses write:statuses write:media", "S256"),
    ],
)
def test_registration_asks_for_what_the_server_understands(style: Style, scopes: str, challenge: str) -> None:
    with FakeMastodon(style=style) as server:
        assert isinstance(server, FakeMastodon)
        keys = SIGN_IN.register(HOST, REDIRECT, server.wire())

        assert (keys.client_id, keys.client_secret) == (CLIENT, SECRET)
        assert (keys.extra["scopes"], keys.extra["challenge"]) == (scopes, challenge)
        assert server.apps == [{"client_name": "Portevoix", "redirect_uris": REDIRECT, "scopes": scopes}]
        assert server.lines()[-1] == "POST /oauth/token"  # what makes older servers remember us
        assert SECRET not in repr(keys)


def test_registration_falls_back_where_the_narrowest_right_is_refused(mastodon: FakeMastodon) -> None:
    mastodon.refuses_profile = True

    keys = SIGN_IN.register(HOST, REDIRECT, mastodon.wire())

    assert keys.extra["scopes"].startswith("read:accounts ")


def test_server_that_cannot_describe_itself_is_asked_all_the_same(mastodon: FakeMastodon) -> None:
    mastodon.plan(says(500), on="GET /.well-known/oauth-authorization-server")

    assert SIGN_IN.register(HOST, REDIRECT, mastodon.wire()).extra["challenge"] == ""


@pytest.mark.parametrize(
    "answer",
    [says(404), says(200, {"name": "Portevoix"}), says(403, {"error": "No"}), says(301, None, Location="/")],
)
def test_server_that_speaks_another_language_is_refused(mastodon: FakeMastodon, answer: Any) -> None:
    mastodon.plan(answer, on="POST /api/v1/apps")

    assert refusal(lambda: SIGN_IN.register(HOST, REDIRECT, mastodon.wire())).reason == "not_that_network"


def test_server_that_does_not_answer_is_asked_later(mastodon: FakeMastodon) -> None:
    with pytest.raises(TryLater):
        SIGN_IN.register(HOST, REDIRECT, mastodon.wire_to_nowhere())


def test_server_that_forgot_us_says_so(mastodon: FakeMastodon) -> None:
    keys = SIGN_IN.register(HOST, REDIRECT, mastodon.wire())
    SIGN_IN.check_keys(keys, mastodon.wire())

    with pytest.raises(OperatorMust):
        SIGN_IN.check_keys(replace(keys, client_id="forgotten"), mastodon.wire())


# --- signing in --------------------------------------------------------------------------------------------------------
def test_sign_in_begins_on_the_persons_own_server(mastodon: FakeMastodon) -> None:
    keys = SIGN_IN.register(HOST, REDIRECT, mastodon.wire())

    begun = SIGN_IN.begin(ask(keys), mastodon.wire())

    address = urlsplit(begun.url)
    asked = {name: value[0] for name, value in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"https://{HOST}/oauth/authorize"
    assert (asked["client_id"], asked["state"], asked["redirect_uri"]) == (CLIENT, "st4te", REDIRECT)
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == "profile read:statuses write:statuses write:media"
    assert begun.kept["verifier"] not in begun.url


@pytest.mark.parametrize("keys", [Keys(), Keys(CLIENT, SECRET, {"redirect_uri": "https://old.example/back"})])
def test_sign_in_with_keys_of_another_time_asks_to_register_again(mastodon: FakeMastodon, keys: Keys) -> None:
    with pytest.raises(OperatorMust) as why:
        SIGN_IN.begin(ask(keys), mastodon.wire())
    assert why.value.reason == "register_again"


def test_sign_in_works_at_every_server(server: FakeMastodon) -> None:
    grant = finished(server)

    assert (grant.account_id, grant.access_token, grant.host) == (ACCOUNT, TOKEN, HOST)
    assert (grant.expires_at, grant.refresh_expires_at) == (None, None)
    who = SIGN_IN.who(grant, server.wire())
    assert (who.handle, who.name, who.url) == (f"@ana@{HOST}", "Ana Lopes", f"https://{HOST}/@ana")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"code": "", "error": "access_denied"}, "sign_in_declined"),
        ({"code": ""}, "sign_in_refused"),
        ({"code": "s3cr3t-other-code"}, "sign_in_refused"),
    ],
)
def test_sign_in_that_brings_nothing_back_is_refused(
    mastodon: FakeMastodon, answer: dict[str, str], reason: str
) -> None:
    assert refusal(lambda: finished(mastodon, **answer)).reason == reason


def test_token_that_ends_is_refreshed_where_a_server_gives_such(mastodon: FakeMastodon) -> None:
    mastodon.gives_refresh_tokens = True
    grant = finished(mastodon)
    keys = SIGN_IN.register(HOST, REDIRECT, mastodon.wire())

    fresh = SIGN_IN.refresh(grant, keys, mastodon.wire())

    assert (fresh.account_id, fresh.expires_at, fresh.refresh_token) == (ACCOUNT, NOW + 3600, REFRESH)


def test_token_that_does_not_end_has_nothing_to_refresh(mastodon: FakeMastodon) -> None:
    keys = SIGN_IN.register(HOST, REDIRECT, mastodon.wire())

    with pytest.raises(SignInAgain):
        SIGN_IN.refresh(mastodon.grant(), keys, mastodon.wire())


def test_token_is_revoked_and_a_server_that_forgot_us_is_no_matter(mastodon: FakeMastodon) -> None:
    keys = SIGN_IN.register(HOST, REDIRECT, mastodon.wire())

    SIGN_IN.revoke(mastodon.grant(), keys, mastodon.wire())
    SIGN_IN.revoke(mastodon.grant(), replace(keys, client_id="forgotten"), mastodon.wire())

    assert mastodon.revoked == [TOKEN]
    with pytest.raises(SignInAgain):
        SIGN_IN.who(mastodon.grant(), mastodon.wire())


def test_revoked_token_is_known_at_every_server(server: FakeMastodon) -> None:
    server.revoked.append(TOKEN)

    with pytest.raises(SignInAgain):
        published(server)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "http://social.example/@ana", "//social.example/@ana", "https:///@ana", "https://a b/",
        "https://social.example@evil.example/", "https://social.example/\r\n@ana", f"https://social.example/{'a' * 500}",
        "data:text/html,x", 7, None, ["https://social.example/"],
    ],
)  # fmt: skip
def test_address_of_a_profile_that_is_no_plain_link_is_not_shown(
    mastodon: FakeMastodon, address: Any
) -> None:
    about = {"id": "109", "acct": "ana\x00\n", "display_name": "A\ud800na" + "a" * 300, "url": address}
    mastodon.plan(says(200, about), on=".*verify_credentials")

    found = SIGN_IN.who(mastodon.grant(), mastodon.wire())

    assert found.url == ""
    assert found.handle == f"@ana @{HOST}"
    assert found.name == "Ana" + "a" * 252


@pytest.mark.parametrize("account_id", ["1" * 256, "", "\x00", None, {}])
def test_account_without_an_identifier_that_can_be_kept_is_no_account(
    mastodon: FakeMastodon, account_id: Any
) -> None:
    mastodon.plan(says(200, {"id": account_id, "acct": "ana"}), on=".*verify_credentials")

    with pytest.raises(TryLater):
        SIGN_IN.who(mastodon.grant(), mastodon.wire())


def test_account_that_was_closed_is_disconnected(mastodon: FakeMastodon) -> None:
    mastodon.is_account_closed = True

    with pytest.raises(Disconnected):
        published(mastodon)
