"""What is recognised whole is answered, and written down, as what is read word for word."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from front_bench import Client, Fronted, asking, running_front
from portevoix.links.codes import new_code
from portevoix.redirector import turns as turns_module
from redirector_bench import COMPANY, EXPIRED, OPEN, STORY, WITHDRAWN

PHONE = ("User-Agent: Mozilla/5.0 (iPhone) Mobile", "Referer: https://lnkd.in/", "Accept-Language: fr")


@pytest.fixture
def fronted(tmp_path: Path) -> Iterator[Fronted]:
    with running_front(tmp_path) as running:
        yield running


@pytest.fixture
def client(fronted: Fronted) -> Iterator[Client]:
    opened = fronted.client()
    yield opened
    opened.close()


def known(fronted: Fronted) -> int:
    return len(fronted.front.turns._fields)


@pytest.mark.parametrize(("code", "leads_to"), [(OPEN, STORY), (WITHDRAWN, COMPANY), (EXPIRED, COMPANY)])
def test_recognised_request_is_answered_and_recorded_like_the_first(
    client: Client, fronted: Fronted, code: str, leads_to: str
) -> None:
    first, *others = (client.ask(f"/r/{code}", "GET", *PHONE) for _ in range(4))

    assert known(fronted) == 1
    assert (first.status, first.headers["Location"]) == (302, leads_to)
    assert [(one.status, one.headers["Location"], one.body) for one in others] == [(302, leads_to, b"")] * 3
    said = [
        (c.link_id, c.code, c.agent, c.referrer, c.language, c.device, c.visitor, c.flags)
        for c in fronted.clicks()
    ]
    assert said == [said[0]] * 4
    assert fronted.front.replies.count[302] == 4


def test_prefetch_stays_a_prefetch(client: Client, fronted: Fronted) -> None:
    for _ in range(3):
        client.ask(f"/r/{OPEN}", "GET", "Sec-Purpose: prefetch;prerender")

    assert (known(fronted), [click.is_prefetch for click in fronted.clicks()]) == (0, [True] * 3)


def test_visitors_behind_a_trusted_proxy_are_told_apart(tmp_path: Path) -> None:
    with running_front(tmp_path, PORTEVOIX_TRUSTED_PROXIES="127.0.0.1") as fronted:
        client = fronted.client()
        for told in ("203.0.113.77", "203.0.113.78", "198.51.100.1", "203.0.113.77"):
            client.ask(f"/r/{OPEN}", "GET", *PHONE, f"X-Forwarded-For: 6.6.6.6, {told}")
        client.close()

        first, neighbour, other, again = (click.visitor for click in fronted.clicks())
        assert (first == neighbour == again, first == other) == (True, False)


@pytest.mark.parametrize(
    "data",
    [
        asking(f"/r/{OPEN}", "HEAD", *PHONE),
        asking(f"/r/{OPEN}", "GET", *PHONE).replace(b"HTTP/1.1", b"HTTP/1.0"),
        asking(f"/r/{OPEN}", "GET", *PHONE).replace(b"GET ", b"GET  "),
        asking(f"/r/{OPEN}", "GET", *PHONE).replace(b"GET ", b"get "),
        asking(f"/r/{OPEN}", "GET", *PHONE).replace(b" HTTP/1.1", b" HTTP/1.1 HTTP/1.1"),
        asking(f"/r/{OPEN}", "GET", *PHONE).replace(b"\r\n", b"\n"),
        asking(f"/r/{OPEN}", "GET", *PHONE, "Connection: close"),
        asking(f"/r/{OPEN}", "GET", *PHONE, "Content-Length: 5"),
        asking(f"/r/{OPEN}", "GET", *PHONE, "Host: other.example"),
        asking(f"/r/{OPEN}", "GET", *PHONE) + b"nonsense\r\n\r\n",
        asking(f"/r/{OPEN}x", "GET", *PHONE),
        asking("/studio", "GET", *PHONE),
    ],
)
def test_what_is_only_nearly_alike_is_answered_as_if_nothing_were_known(
    fronted: Fronted, data: bytes
) -> None:
    def answer() -> list[bytes]:
        client = fronted.client()
        client.say(data)
        client.socket.shutdown(socket.SHUT_WR)
        heard = client.hear_to_the_end()
        client.close()
        return [line for line in heard.split(b"\r\n") if not line.startswith(b"Date: ")]

    before = answer()
    for _ in range(3):
        fronted.ask(f"/r/{OPEN}", "GET", *PHONE)

    assert known(fronted) > 0
    assert answer() == before


def test_who_sends_something_of_ones_own_is_not_remembered(client: Client, fronted: Fronted) -> None:
    for line in (
        "Cookie: sessionid=a",
        "cOOkie: sessionid=a",
        "authorization: Basic a",
        "X-Forwarded-For: 192.0.2.7",
    ):
        for _ in range(2):
            assert client.ask(f"/r/{OPEN}", "GET", line).status == 302

    assert (known(fronted), len(fronted.clicks())) == (0, 8)


def test_heads_that_are_remembered_are_few_and_short(
    client: Client, fronted: Fronted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns_module, "_MOST_FIELDS", 3)

    for number in range(10):
        client.ask(f"/r/{OPEN}", "GET", f"X-Number: {number}")
        assert known(fronted) <= 3
    before = known(fronted)
    client.ask(f"/r/{OPEN}", "GET", "X-Long: " + "a" * 2000)

    assert (known(fronted), len(fronted.clicks())) == (before, 11)


def test_withdrawn_link_is_not_recognised_as_open_any_more(client: Client, fronted: Fronted) -> None:
    for _ in range(3):
        assert client.ask(f"/r/{OPEN}", "GET", *PHONE).headers["Location"] == STORY

    moment = time.time()
    fronted.bench.database.execute(
        "UPDATE links_link SET expires_at = datetime('now') WHERE code = ?", (OPEN,)
    )
    fronted.on_loop(lambda: fronted.front.store.links.doubt_all(time.monotonic()))
    fronted.on_loop(fronted.front.replies.note_time)

    assert client.ask(f"/r/{OPEN}", "GET", *PHONE).headers["Location"] == COMPANY
    assert time.time() - moment < 5


def test_misfortune_with_one_request_does_not_hold_up_the_others(
    client: Client, fronted: Fronted, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*facts: object) -> bytes:
        raise ValueError("a fact that no frame can hold")

    client.ask(f"/r/{OPEN}", "GET", *PHONE)
    client.ask(f"/r/{OPEN}", "GET", *PHONE)
    with monkeypatch.context() as broken:
        broken.setattr(turns_module, "frame_of_facts", fail)
        unlucky = fronted.client()
        unlucky.say(asking(f"/r/{OPEN}", "GET", *PHONE))
        assert unlucky.is_closed()
        unlucky.close()

    assert "could not be answered" in caplog.text
    assert client.ask(f"/r/{OPEN}", "GET", *PHONE).status == 302


def test_links_of_one_turn_are_one_append(fronted: Fronted, monkeypatch: pytest.MonkeyPatch) -> None:
    clients = [fronted.client() for _ in range(8)]
    for _ in range(3):
        for one in clients:
            one.ask(f"/r/{OPEN}", "GET", *PHONE)
    appended: list[int] = []
    record_all = fronted.front.spool.record_all

    def counting(frames: list[bytes]) -> bool:
        appended.append(len(frames))
        return record_all(frames)

    monkeypatch.setattr(fronted.front.spool, "record_all", counting)
    fronted.on_loop(
        lambda: [one.say(asking(f"/r/{OPEN}", "GET", *PHONE)) for one in clients]
    )  # while nothing is read
    assert [one.hear().status for one in clients] == [302] * 8
    for one in clients:
        one.close()

    assert (sum(appended), len(appended) < 8) == (8, True)
    assert fronted.ask(f"/r/{new_code()}").status == 404
