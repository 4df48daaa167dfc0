"""What we rely on at Bluesky, asked of its own servers."""

import re
import socket
import time
from itertools import count
from urllib.parse import urlsplit

import pytest

from servers.bluesky_network import (
    POST,
    Account,
    Answer,
    Json,
    Network,
    create_account,
    create_app_password,
    done,
    like,
    list_posts,
    read,
    running,
    write,
)

pytestmark = [pytest.mark.servers, pytest.mark.slow]

LIKES_SECONDS = 15
numbers = count(int(time.time()))


@pytest.fixture
def ana(network: Network) -> Account:
    return create_account(network, f"ana{next(numbers)}.test")


def put(network: Network, account: Account, key: str, text: str) -> Answer:
    """Publishes under that key, provided that nothing is there."""
    record = {"$type": POST, "text": text, "createdAt": "2026-11-24T09:00:00.000Z"}
    body = {"repo": account.did, "collection": POST, "rkey": key, "swapRecord": None, "record": record}
    return write(network.pds_url, "com.atproto.repo.putRecord", token=account.access_token, body=body)


def test_nothing_answers_but_on_loopback(network: Network) -> None:
    """127.0.0.2 is this machine too: it answers for whoever listens on every address, and only then."""
    for url in filter(None, (network.pds_url, network.plc_url, network.appview_url)):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.2", urlsplit(url).port or 0)) != 0


def test_account_is_found_by_its_handle(network: Network, ana: Account) -> None:
    found = done(read(network.pds_url, "com.atproto.identity.resolveHandle", handle=ana.handle))

    assert found == {"did": ana.did}
    assert ana.did.startswith("did:plc:")


def test_app_password_opens_a_session(network: Network, ana: Account) -> None:
    password = create_app_password(network, ana)

    session = done(open_session(network, ana.handle, password))

    assert re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}", password)
    assert (session["did"], session["handle"], session["active"]) == (ana.did, ana.handle, True)


def test_wrong_app_password_is_refused(network: Network, ana: Account) -> None:
    answer = open_session(network, ana.handle, "abcd-efgh-ijkl-mnop")

    assert (answer.status, answer.body["error"]) == (401, "AuthenticationRequired")


def open_session(network: Network, handle: str, password: str) -> Answer:
    body = {"identifier": handle, "password": password}
    return write(network.pds_url, "com.atproto.server.createSession", body=body)


def test_same_post_put_twice_is_one(network: Network, ana: Account) -> None:
    first = done(put(network, ana, "3l6oveex3ii2l", "Une fois."))
    again = done(put(network, ana, "3l6oveex3ii2l", "Une fois."))

    assert (again["uri"], again["cid"]) == (first["uri"], first["cid"])
    assert [post["value"]["text"] for post in list_posts(network, ana.did)] == ["Une fois."]


def test_other_post_is_not_put_over_it(network: Network, ana: Account) -> None:
    done(put(network, ana, "3l6oveex3ii2l", "Une fois."))

    refused = put(network, ana, "3l6oveex3ii2l", "Autre chose.")

    assert (refused.status, refused.body["error"]) == (400, "InvalidSwap")
    assert [post["value"]["text"] for post in list_posts(network, ana.did)] == ["Une fois."]


def test_like_is_counted(network: Network, ana: Account) -> None:
    if network.appview_url is None:
        pytest.skip("No PostgreSQL, so no AppView: nothing counts likes here.")
    post = done(put(network, ana, "3l6oveex3ii2l", "Une fois."))

    like(network, create_account(network, f"noor{next(numbers)}.test"), post["uri"], post["cid"])

    assert likes(network.appview_url, post["uri"], at_least=1) == 1


def likes(appview: str, uri: str, *, at_least: int) -> int:
    """The post's likes, as anybody may read them; news takes a moment to arrive there."""
    until = time.monotonic() + LIKES_SECONDS
    posts: list[Json] = []
    while time.monotonic() < until:
        posts = done(read(appview, "app.bsky.feed.getPosts", uris=uri))["posts"]
        if posts and posts[0]["likeCount"] >= at_least:
            break
        time.sleep(0.1)
    return int(posts[0]["likeCount"]) if posts else 0


def test_one_who_asks_too_often_is_told_how_long_to_wait() -> None:
    """On a network of its own: the others must not wait with it."""
    with running(appview=False, rate_limits=True) as strict:
        ana = create_account(strict, "ana.test")
        body = {"email": f"{ana.handle}@atlas.example"}
        answers = [
            write(strict.pds_url, "com.atproto.server.requestPasswordReset", body=body) for _ in range(16)
        ]

    assert [answer.status for answer in answers] == [200] * 15 + [429]
    assert answers[-1].body["error"] == "RateLimitExceeded"
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600
