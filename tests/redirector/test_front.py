"""What the front answers over real sockets: in order, bounded, and never without having written the click."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from front_bench import HOST, Client, Fronted, asking, running_front
from portevoix.links.codes import new_code
from portevoix.links.segments import Flag
from portevoix.redirector import connection as connection_module
from portevoix.redirector import spool as spool_module
from redirector_bench import COMPANY, OPEN, STORY, WITHDRAWN


@pytest.fixture
def fronted(tmp_path: Path) -> Iterator[Fronted]:
    with running_front(tmp_path) as running:
        yield running


@pytest.fixture
def client(fronted: Fronted) -> Iterator[Client]:
    opened = fronted.client()
    yield opened
    opened.close()


def test_link_leads_to_its_destination_without_being_remembered(client: Client) -> None:
    answered = client.ask(f"/r/{OPEN}")

    date = answered.headers.pop("Date")
    assert (answered.status, answered.body, date[-4:]) == (302, b"", " GMT")
    assert answered.headers == {
        "Location": STORY,
        "Cache-Control": "private, no-store",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Content-Length": "0",
    }


def test_click_is_on_disk_when_its_answer_arrives(client: Client, fronted: Fronted) -> None:
    for count in range(1, 4):
        client.ask(f"/r/{OPEN}")

        assert len(fronted.clicks()) == count


def test_click_holds_what_was_seen(client: Client, fronted: Fronted) -> None:
    client.ask(
        f"/r/{OPEN}?x=1",
        "HEAD",
        "user-agent: Mozilla/5.0 (iPhone) Mobile",
        "Referer: https://www.LinkedIn.com/feed/",
        "Accept-Language: ar-MA,fr",
        "X-Moz: prefetch",
    )

    [click] = fronted.clicks()
    assert (click.link_id, click.organisation_id, click.code) == (1, 7, OPEN)
    assert (click.agent, click.referrer, click.language) == (
        "Mozilla/5.0 (iPhone) Mobile",
        "www.linkedin.com",
        "ar",
    )
    assert (click.flags, len(click.visitor)) == (Flag.HEAD | Flag.PREFETCH, 16)


def test_requests_sent_together_are_answered_in_their_order(client: Client, fronted: Fronted) -> None:
    wanted = [OPEN, new_code(), WITHDRAWN, OPEN, "zzz", OPEN] * 40
    client.say(b"".join(asking(f"/r/{code}") for code in wanted))

    answers = [client.hear() for _ in wanted]

    leads = {OPEN: (302, STORY), WITHDRAWN: (302, COMPANY)}
    assert [(a.status, a.headers.get("Location")) for a in answers] == [
        leads.get(c, (404, None)) for c in wanted
    ]
    assert [click.code for click in fronted.clicks()] == [code for code in wanted if code in leads]


def test_request_that_comes_in_pieces_is_answered(client: Client) -> None:
    for byte in asking(f"/r/{OPEN}"):
        client.say(bytes([byte]))
        time.sleep(0.0005)

    assert client.hear().status == 302


@pytest.mark.parametrize(
    ("first", "lines", "connection"),
    [
        ("HTTP/1.1", "", None),
        ("HTTP/1.1", "Connection: close\r\n", "close"),
        ("HTTP/1.0", "", "close"),
        ("HTTP/1.0", "Connection: keep-alive\r\n", "keep-alive"),
    ],
)
def test_connection_is_kept_or_closed_as_it_was_asked(
    client: Client, first: str, lines: str, connection: str | None
) -> None:
    client.say(f"GET /r/{OPEN} {first}\r\nHost: l.example\r\n{lines}\r\n".encode())

    assert client.hear().headers.get("Connection") == connection
    if connection == "close":
        assert client.is_closed()
    else:
        assert client.ask(f"/r/{OPEN}").status == 302


def test_who_says_no_more_is_still_answered(client: Client) -> None:
    client.say(asking(f"/r/{OPEN}") * 3)
    client.socket.shutdown(socket.SHUT_WR)

    assert client.hear_to_the_end().count(b"HTTP/1.1 302") == 3


def test_body_is_never_read_as_a_request(client: Client, fronted: Fronted) -> None:
    client.say(asking(f"/r/{OPEN}", "GET", "Content-Length: 99") + asking(f"/r/{WITHDRAWN}"))

    assert client.hear_to_the_end().count(b"HTTP/1.1 ") == 1
    assert [click.code for click in fronted.clicks()] == [OPEN]


def test_other_methods_are_not_allowed(client: Client) -> None:
    answered = client.ask(f"/r/{OPEN}", "DELETE")

    assert (answered.status, answered.headers["Allow"]) == (405, "GET, HEAD")


def test_unknown_code_gets_the_page_and_head_its_length_alone(client: Client) -> None:
    page = client.ask(f"/r/{new_code()}", "GET", "Accept-Language: en")
    bare = client.ask(f"/r/{new_code()}", "HEAD", "Accept-Language: en")

    assert (page.status, b"This link leads nowhere" in page.body) == (404, True)
    assert (bare.status, bare.headers["Content-Length"]) == (404, str(len(page.body)))
    assert client.ask(f"/r/{OPEN}").status == 302


@pytest.mark.parametrize(
    "path",
    [
        f"/r/{OPEN}/",
        f"/r/{OPEN.upper()}",
        f"/%72/{OPEN}",
        f"http://l.example/r/{OPEN}",
        f"/r/{OPEN}?fbclid={'a' * 4000}",
    ],
)
def test_link_is_found_however_it_is_written(client: Client, path: str) -> None:
    assert client.ask(path).headers["Location"] == STORY


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 9000, 431),
        (b"GET /" + b"a" * 1_000_000, 431),
        (b"GET / HTTP/2.0\r\n" + HOST + b"\r\n", 505),
        (b"BREW / HTTP/1.1\r\n" + HOST + b"\r\n", 501),
        (b"GET /r/\x00 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400),
    ],
)
def test_what_is_no_request_is_refused_and_cut(client: Client, data: bytes, status: int) -> None:
    try:
        client.say(data)
        heard = client.hear_to_the_end()
    except ConnectionError:  # we were still talking when it was cut
        heard = b""

    if heard or len(data) < 10_000:
        assert heard.startswith(b"HTTP/1.1 %d " % status)


def test_refusal_does_not_overtake_the_answers_before_it(client: Client) -> None:
    client.say(asking(f"/r/{OPEN}") + b"nonsense\r\n\r\n" + asking(f"/r/{OPEN}"))

    heard = client.hear_to_the_end()

    assert [part[:3] for part in heard.split(b"HTTP/1.1 ")[1:]] == [b"302", b"400"]


@pytest.mark.parametrize(
    "path",
    [
        f"/r/{OPEN}%0d%0aSet-Cookie:%20a=b",
        "/r/..%2f..%2fetc/passwd",
        f"/r/{OPEN}?url=https://evil.example/",
        f"//evil.example/r/{OPEN}",
        f"/r//evil.example/{OPEN}",
        "/r/https://evil.example/",
    ],
)
def test_nothing_of_the_request_comes_into_the_answer(client: Client, path: str) -> None:
    client.say(asking(path, "GET", "Connection: close"))

    heard = client.hear_to_the_end()

    assert b"evil" not in heard
    assert b"Set-Cookie" not in heard


def test_forwarded_address_of_a_stranger_is_ignored(client: Client, fronted: Fronted) -> None:
    for forged in ("203.0.113.77", "198.51.100.1"):
        client.ask(f"/r/{OPEN}", "GET", f"X-Forwarded-For: {forged}")

    first, second = (click.visitor for click in fronted.clicks())
    assert first == second


def test_forwarded_address_of_a_trusted_proxy_is_believed(tmp_path: Path) -> None:
    with running_front(tmp_path, PORTEVOIX_TRUSTED_PROXIES="127.0.0.1") as fronted:
        for told in ("203.0.113.77", "203.0.113.78", "198.51.100.1"):
            fronted.ask(f"/r/{OPEN}", "GET", f"X-Forwarded-For: 6.6.6.6, {told}")

        first, neighbour, other = (click.visitor for click in fronted.clicks())
        assert (first == neighbour, first == other) == (True, False)


def test_slow_head_is_cut_and_idle_connection_closed(client: Client, fronted: Fronted) -> None:
    idle, slow = fronted.client(), client
    idle.ask(f"/r/{OPEN}")
    slow.say(asking(f"/r/{OPEN}")[:-1])
    time.sleep(0.2)
    later = fronted.front.now

    def pass_time(seconds: float) -> None:
        fronted.on_loop(lambda: [one.check(later + seconds) for one in list(fronted.front.connections)])

    pass_time(connection_module.HEAD_SECONDS - 2)
    pass_time(connection_module.HEAD_SECONDS + 2)
    heard = slow.hear_to_the_end()
    pass_time(connection_module.IDLE_SECONDS + 2)

    assert heard.startswith(b"HTTP/1.1 408 ")
    assert idle.is_closed()


def test_byte_now_and_then_does_not_buy_more_time(client: Client, fronted: Fronted) -> None:
    client.say(b"G")
    time.sleep(0.1)
    [connection] = fronted.front.connections
    deadline = connection._deadline
    fronted.on_loop(lambda: setattr(fronted.front, "now", fronted.front.now + 5))
    client.say(b"E")
    time.sleep(0.1)

    assert connection._deadline == deadline


def test_answers_that_are_not_taken_are_bounded_and_cut(client: Client, fronted: Fronted) -> None:
    client.socket.setblocking(False)
    question, sent = asking("/r/zzz") * 200, 0
    until = time.monotonic() + 3
    while time.monotonic() < until:
        try:
            sent += client.socket.send(question)
        except BlockingIOError:
            time.sleep(0.02)
    [connection] = fronted.front.connections
    waiting = connection.transport.get_write_buffer_size()
    fronted.on_loop(lambda: connection.check(fronted.front.now + connection_module.UNREAD_SECONDS + 2))
    time.sleep(0.1)

    assert 0 < waiting < 1_000_000
    assert not fronted.front.connections


def test_client_that_vanishes_does_not_hold_up_the_others(client: Client, fronted: Fronted) -> None:
    for _ in range(50):
        gone = fronted.client()
        gone.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        gone.say(asking(f"/r/{OPEN}") * 20)
        gone.close()

    assert client.ask(f"/r/{OPEN}").status == 302


def test_click_that_cannot_be_written_is_counted_and_the_visitor_goes_on(
    client: Client, fronted: Fronted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(spool_module.os, "write", full)
        client.say(asking(f"/r/{OPEN}") * 3)
        answers = [client.hear().status for _ in range(3)]
        is_losing = fronted.front.spool.is_losing
    client.ask(f"/r/{OPEN}")

    assert (answers, fronted.front.spool.lost, is_losing) == ([302] * 3, 3, True)
    assert (len(fronted.clicks()), fronted.front.spool.is_losing) == (1, False)


def test_power_durability_answers_once_the_disk_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced: list[int] = []
    force = spool_module._force_data
    monkeypatch.setattr(spool_module, "_force_data", lambda file: (forced.append(file), force(file)))
    with running_front(tmp_path, PORTEVOIX_DURABILITY="power") as fronted:
        client = fronted.client()
        counts = []
        for _ in range(5):
            client.ask(f"/r/{OPEN}")
            counts.append(len(forced))
        client.say(asking(f"/r/{OPEN}") * 300)
        answers = [client.hear().status for _ in range(300)]
        client.close()

        assert counts == sorted(set(counts))
        assert counts[0] > 0
        assert (answers, len(fronted.clicks())) == ([302] * 300, 305)
    assert len(fronted.clicks()) == 305


def test_ending_front_answers_what_was_asked_and_closes(tmp_path: Path) -> None:
    with running_front(tmp_path) as fronted:
        client, begun = fronted.client(), time.monotonic()
        client.ask(f"/r/{OPEN}")
    took = time.monotonic() - begun

    assert client.is_closed()
    assert took < 5
    client.close()


def test_without_pages_other_addresses_lead_nowhere(client: Client) -> None:
    assert client.ask("/studio").status == 404
    assert client.ask(f"/r/{OPEN}").status == 302
