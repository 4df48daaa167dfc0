"""What is not a tracked link reaches the pages behind as it was asked, and tells them whose it truly is."""

import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from front_bench import Client, Fronted, asking, running_front
from handover_pages import PIECE
from portevoix import env
from portevoix.redirector.behind import BehindFront
from portevoix.redirector.handover import Behind, rewritten
from portevoix.redirector.requests import read_head
from redirector_bench import OPEN, STORY

SECRET = "only-the-front-knows"


@pytest.fixture(scope="module")
def behind() -> Iterator[Behind]:
    """granian with a few pages, on a socket of its own."""
    with tempfile.TemporaryDirectory(prefix="pv-") as folder:
        path = Path(folder) / "pages"
        server = subprocess.Popen(
            [
                sys.executable, "-m", "granian", "--interface", "wsgi", "--uds", str(path), "--blocking-threads", "4",
                "--log-level", "error", "handover_pages:application",
            ],
            env={**os.environ, env.FRONT_SECRET: SECRET, "PYTHONPATH": str(Path(__file__).parents[1])},
        )  # fmt: skip
        try:
            yield Behind(str(path), SECRET)
        finally:
            server.terminate()
            server.wait(10)


@pytest.fixture
def fronted(tmp_path: Path, behind: Behind) -> Iterator[Fronted]:
    with running_front(tmp_path, behind, PORTEVOIX_TRUSTED_PROXIES="127.0.0.1") as running:
        yield running


def told(client: Client, path: str = "/page", *lines: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(client.ask(path, "GET", *lines).body)
    return found


def test_page_is_answered_and_the_connection_closes_with_it(fronted: Fronted) -> None:
    client = fronted.client()
    answered = client.ask("/page?a=b")

    assert (answered.status, answered.headers["content-type"]) == (200, "application/json")
    assert client.is_closed()


def test_links_and_a_page_on_one_connection_come_in_their_order(fronted: Fronted) -> None:
    client = fronted.client()
    client.say(asking(f"/r/{OPEN}") * 3 + asking("/page") + asking(f"/r/{OPEN}"))

    heard = client.hear_to_the_end()

    assert [part[:3] for part in heard.split(b"HTTP/1.1 ")[1:]] == [b"302", b"302", b"302", b"200"]
    assert len(fronted.clicks()) == 3


def test_visitor_behind_a_trusted_proxy_is_the_one_it_tells(fronted: Fronted) -> None:
    seen = told(fronted.client(), "/page", "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: https")

    assert (seen["REMOTE_ADDR"], seen["HTTP_X_FORWARDED_FOR"]) == ("127.0.0.1", "203.0.113.7")
    assert seen["HTTP_X_FORWARDED_PROTO"] == "https"


def test_stranger_cannot_tell_who_it_is(fronted: Fronted) -> None:
    client = fronted.client("127.0.0.9")

    seen = told(
        client,
        "/page",
        "X-Forwarded-For: 203.0.113.7",
        "X_Forwarded_For: 203.0.113.8",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: evil.example",
        "X-Portevoix-Front: guessed",
        "X_Portevoix_Front: guessed",
        "Connection: x-portevoix-front, x-forwarded-for",
    )

    assert (seen["REMOTE_ADDR"], seen["HTTP_X_FORWARDED_FOR"]) == ("127.0.0.9", None)
    assert set(seen["seen"]) <= {"HTTP_CONNECTION", "HTTP_HOST"}


def test_pages_do_not_answer_who_is_not_the_front(behind: Behind, fronted: Fronted) -> None:
    told(fronted.client())  # the pages have begun
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(behind.path)
        stranger.sendall(asking("/page", "GET", "X-Forwarded-For: 127.0.0.1", "X-Portevoix-Front: guessed"))

        assert stranger.recv(100).startswith(b"HTTP/1.1 403 ")


@pytest.mark.parametrize(
    "lines", [["Content-Length: {}"], ["Transfer-Encoding: chunked"], ["Content-Length: {}", "X: y"]]
)
def test_upload_of_several_megabytes_arrives_whole(fronted: Fronted, lines: list[str]) -> None:
    body = os.urandom(8_000_000)
    client = fronted.client()
    is_chunked = lines[0].startswith("Transfer")
    client.say(asking("/page", "POST", *(line.format(len(body)) for line in lines)))
    for at in range(0, len(body), 500_000):
        piece = body[at : at + 500_000]
        client.say(b"%x\r\n%b\r\n" % (len(piece), piece) if is_chunked else piece)
    client.say(b"0\r\n\r\n" if is_chunked else b"")

    seen = json.loads(client.hear().body)

    assert (seen["length"], seen["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())


def test_expectation_is_met_before_the_body_is_sent(fronted: Fronted) -> None:
    client = fronted.client()
    client.say(asking("/page", "POST", "Content-Length: 5", "Expect: 100-continue"))

    assert client.hear().status == 100
    client.say(b"hello")
    assert json.loads(client.hear().body)["length"] == 5


def test_large_answer_streams_through_a_client_that_takes_its_time(fronted: Fronted) -> None:
    count = 200
    client = fronted.client()
    client.say(asking(f"/big?{count}", "GET", "Connection: close").replace(b"HTTP/1.1", b"HTTP/1.0"))
    time.sleep(1)
    [connection] = fronted.front.connections
    held = connection.transport.get_write_buffer_size()

    head, _, body = client.hear_to_the_end().partition(b"\r\n\r\n")

    assert b" 200 " in head
    assert (len(body), hashlib.sha256(body).digest()) == (
        count * len(PIECE),
        hashlib.sha256(PIECE * count).digest(),
    )
    assert held < 2_000_000


@pytest.mark.parametrize(("path", "method", "status"), [("/page", "HEAD", 200), ("/unchanged", "GET", 304)])
def test_answers_without_a_body_come_through(fronted: Fronted, path: str, method: str, status: int) -> None:
    client = fronted.client()
    client.say(asking(path, method))

    head, _, body = client.hear_to_the_end().partition(b"\r\n\r\n")

    assert (int(head.split()[1]), body) == (status, b"")


def test_what_follows_a_page_is_never_a_request_of_its_own(fronted: Fronted) -> None:
    client = fronted.client("127.0.0.9")
    hidden = asking("/page?smuggled", "GET", "X-Forwarded-For: 203.0.113.7")
    client.say(
        asking("/page", "POST", f"Content-Length: {len(hidden)}") + hidden + hidden + asking(f"/r/{OPEN}")
    )

    heard = client.hear_to_the_end()

    assert heard.count(b"HTTP/1.1 ") == 1
    assert fronted.clicks() == []


def test_client_that_leaves_in_the_middle_costs_nothing(fronted: Fronted) -> None:
    for _ in range(20):
        client = fronted.client()
        client.say(asking("/big?4000"))
        client.socket.recv(1000)
        client.close()
    time.sleep(0.3)

    assert fronted.ask("/page").status == 200
    assert fronted.ask(f"/r/{OPEN}").headers["Location"] == STORY
    until = time.monotonic() + 5
    while fronted.front.connections and time.monotonic() < until:
        time.sleep(0.05)
    assert not fronted.front.connections


def test_pages_that_are_starting_are_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "late"
    with running_front(tmp_path, Behind(str(path), SECRET)) as fronted:
        client = fronted.client()
        client.say(asking("/page"))
        time.sleep(0.3)
        with socket.socket(socket.AF_UNIX) as pages:
            pages.bind(str(path))
            pages.listen()
            threading.Thread(target=_answer_once, args=(pages,), daemon=True).start()

            assert client.hear().body == b"late"


def test_pages_that_never_come_are_said_to_be_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portevoix.redirector.handover._BEGINNING_SECONDS", 0.3)
    with running_front(tmp_path, Behind(str(tmp_path / "never"), SECRET)) as fronted:
        client = fronted.client()

        assert client.ask("/page").status == 502
        assert client.is_closed()


def test_front_that_ends_does_not_wait_for_pages_that_have_gone(tmp_path: Path) -> None:
    with running_front(tmp_path, Behind(str(tmp_path / "gone"), SECRET)) as fronted:
        client = fronted.client()
        client.say(asking("/page"))
        time.sleep(0.2)
        begun = time.monotonic()

    assert time.monotonic() - begun < 3
    assert client.hear().status == 502
    client.close()


def _answer_once(pages: socket.socket) -> None:
    connection, _ = pages.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate")


def test_head_is_rewritten_and_what_follows_is_not() -> None:
    data = (
        b"\r\n"
        + asking("/page", "POST", "Cookie: a=b", "Keep-Alive: 5", "Upgrade: h2c", "Content-Length: 5")
        + b"hello"
    )
    head = read_head(data)
    assert head is not None

    assert rewritten(head, data, "s3", remote="2001:db8::1", is_from_proxy=False) == (
        b"POST /page HTTP/1.1\r\nHost: l.example\r\nCookie: a=b\r\nContent-Length: 5\r\n"
        b"X-Forwarded-For: 2001:db8::1\r\nx-portevoix-front: s3\r\nConnection: close\r\n\r\nhello"
    )


@pytest.mark.parametrize(
    ("forwarded_for", "remote", "rest"),
    [
        ("192.0.2.1", "192.0.2.1", None),
        ("203.0.113.7, 127.0.0.1", "127.0.0.1", "203.0.113.7"),
        ("a, 203.0.113.7, ::1", "::1", "a, 203.0.113.7"),
    ],
)
def test_pages_see_addresses_as_if_there_were_no_front(
    forwarded_for: str, remote: str, rest: str | None
) -> None:
    seen: dict[str, Any] = {}

    def pages(environ: dict[str, Any], start_response: object) -> list[bytes]:
        seen.update(environ)
        return []

    environ = {"HTTP_X_PORTEVOIX_FRONT": SECRET, "HTTP_X_FORWARDED_FOR": forwarded_for, "REMOTE_ADDR": "unix"}
    BehindFront(pages, SECRET)(environ, lambda *_: None)  # type: ignore[arg-type]

    assert (seen["REMOTE_ADDR"], seen.get("HTTP_X_FORWARDED_FOR")) == (remote, rest)
    assert "HTTP_X_PORTEVOIX_FRONT" not in seen
