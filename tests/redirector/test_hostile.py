"""What strangers try on a tracked link: to be led elsewhere, to write headers of ours, to keep it busy.

Whatever is asked, a link leads where it was stored to lead, or nowhere; whatever is stored, only a web address leaves.
"""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from front_bench import HOST, Client, Fronted, asking, running_front
from portevoix.redirector.answer import location_of
from portevoix.redirector.handover import Behind
from portevoix.redirector.requests import LONGEST_HEAD
from redirector_bench import OPEN, STORY

OURS = {
    "Date",
    "Location",
    "Cache-Control",
    "Referrer-Policy",
    "Content-Length",
    "Connection",
    "Content-Type",
    "Vary",
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Allow",
}
AWAY = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "data:text/html,evil",
    "vbscript:evil",
    "@evil.example",
    ".evil.example",
    ":80@evil.example",
    "%2f%2fevil.example",
    "%5c%5cevil.example",
    "%2e%2e//evil.example",
    "..;//evil.example",
    "／／evil.example",
    "?url=https://evil.example",
    "?next=//evil.example",
    "#https://evil.example",
)
LINE_ENDS = (
    "%0d%0a",
    "%0a",
    "%0d",
    "%0D%0A%20",
    "%250d%250a",
    "%E5%98%8A%E5%98%8D",
    "%c4%8d%c4%8a",
    "%u000d%u000a",
    "%00",
    "%0b",
    "%85",
    "%e2%80%a8",
    "\\r\\n",
)


@pytest.fixture(scope="module")
def fronted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fronted]:
    with running_front(tmp_path_factory.mktemp("hostile")) as running:
        yield running


@pytest.fixture
def client(fronted: Fronted) -> Iterator[Client]:
    opened = fronted.client()
    yield opened
    opened.close()


def answer_is_ours(client: Client, data: bytes) -> int:
    """The status of the answer, which holds no header but ours, and no word of a stranger's."""
    client.say(data)
    answered = client.hear()
    assert set(answered.headers) <= OURS
    assert answered.headers.get("Location") in (STORY, None)
    assert (answered.status == 302) is ("Location" in answered.headers)
    said = repr(answered.headers).lower() + answered.body.decode().lower()
    assert [word for word in ("evil", "x-injected", "set-cookie") if word in said] == []
    return answered.status


@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize(
    "form",
    ["/r/{away}", f"/r/{OPEN}{{away}}", f"/r/{{away}}/{OPEN}", f"{{away}}/r/{OPEN}", f"/r/{OPEN}/{{away}}"],
)
def test_nobody_is_led_elsewhere_by_what_is_asked(client: Client, form: str, away: str) -> None:
    target = quote(form.format(away=away), safe="/:?#@%;=.,()\\")

    assert answer_is_ours(client, asking(target)) in (302, 400, 404)


@pytest.mark.parametrize("end", LINE_ENDS)
@pytest.mark.parametrize(
    "form", [f"/r/{OPEN}{{0}}", "/r/{0}", f"/r/{OPEN}?x={{0}}", f"/{{0}}/r/{OPEN}", f"/r/{{0}}{OPEN}"]
)
def test_no_header_is_written_by_what_is_asked(client: Client, form: str, end: str) -> None:
    target = form.format(f"{end}X-Injected:1{end}Location:https://evil.example{end}{end}<script>")

    assert answer_is_ours(client, asking(target)) in (302, 404)


@pytest.mark.parametrize(
    "line",
    [
        "Host: evil.example",
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Proto: javascript",
        "X-Forwarded-Prefix: //evil.example",
        "X-Original-URL: //evil.example",
        "X-Rewrite-URL: //evil.example",
        "Forwarded: for=192.0.2.1;host=evil.example;proto=https",
        "Referer: https://evil.example/%0d%0aX-Injected: 1",
        "User-Agent: evil%0d%0aX-Injected: 1",
        "Accept-Language: evil;q=1%0d%0aX-Injected: 1",
        "Cookie: next=https://evil.example",
        "X-HTTP-Method-Override: evil",
    ],
)
def test_nobody_is_led_elsewhere_by_what_is_said_besides(client: Client, line: str) -> None:
    data = asking(f"/r/{OPEN}", "GET", line)
    if line.startswith("Host:"):
        data = data.replace(HOST, b"")

    assert answer_is_ours(client, data) == 302


@pytest.mark.parametrize(
    "authority", ["evil.example", "evil.example:80", "[::1]", "127.0.0.1:1", "l.example.evil.example"]
)
def test_whole_address_of_another_host_leads_where_the_link_leads(client: Client, authority: str) -> None:
    assert answer_is_ours(client, asking(f"http://{authority}/r/{OPEN}")) == 302


@pytest.mark.parametrize(
    "line",
    [
        b"X: a\nX-Injected: 1",
        b"X: a\rX-Injected: 1",
        b"X: a\x00",
        b"X: a\r\n X-Injected: 1",
        b"X-Injected : 1",
        b"Host: evil.example",
    ],
)
def test_head_that_two_readers_could_read_differently_is_refused(client: Client, line: bytes) -> None:
    client.say(b"GET /r/" + OPEN.encode() + b" HTTP/1.1\r\n" + HOST + line + b"\r\n\r\n")

    assert client.hear_to_the_end().startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "stored",
    [
        "//evil.example/",
        "\\\\evil.example\\",
        "/\\evil.example",
        "https:evil.example",
        "https:/evil.example",
        "https:///evil.example",
        "javascript:alert(1)",
        "JaVaScRiPt://atlas.example/%0aalert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://atlas.example/1",
        "view-source:https://atlas.example/",
        "intent://atlas.example#Intent;end",
        "https://atlas.example@evil.example/",
        "https://atlas.example:x@evil.example/",
        "https://atlas.example\\@evil.example/",
        "https://atlas.example\r\nX-Injected: 1",
        "https://atlas.example/\nX-Injected: 1",
        "https://atlas.example/\x00",
        "https://atlas.example/\x85X-Injected: 1",
        "https://atlas.example/\u2028X-Injected: 1",
        "https://atlas.example／evil.example",
        "https://atlas.example＠evil.example",
        "https://atlas.example：80：evil.example",
        "ht\ttps://atlas.example/",
        "https://\tatlas.example/",
        "https://atlas.example:port/",
        "https://[atlas.example]/",
        "https://",
        "https://?",
        "https://#",
        "",
        " ",
        "atlas.example",
        "?",
        "https://" + "a" * 9000,
    ],
)
def test_only_a_web_address_is_ever_sent(stored: str) -> None:
    assert location_of(stored) is None


@pytest.mark.parametrize(
    ("stored", "sent"),
    [
        ("https://аtlas.example/", "https://xn--tlas-43d.example/"),  # its first letter is Cyrillic
        ("https://ａｔｌａｓ.example/", "https://atlas.example/"),
        ("https://atlas.example/\u202eevil", "https://atlas.example/%E2%80%AEevil"),
        ("https://atlas.example/قصة?x=é#ü", "https://atlas.example/%D9%82%D8%B5%D8%A9?x=%C3%A9#%C3%BC"),
        ("https://atlas.example/a b\"<>'", "https://atlas.example/a%20b%22%3C%3E'"),
        ("https://atlas.example/%0d%0aX-Injected:1", "https://atlas.example/%0d%0aX-Injected:1"),
        ("HTTPS://Atlas.Example/", "https://Atlas.Example/"),
    ],
)
def test_letters_that_look_alike_are_sent_as_what_they_are(stored: str, sent: str) -> None:
    assert location_of(stored) == sent


@pytest.mark.parametrize(
    "code",
    [
        "رابط-قصير",
        "ＡＢＣＤＥＦＧＨＪ",
        "кирилица",
        "²³⁴⁵⁶⁷⁸⁹²",
        "\x00" * 9,
        "é" * 9,
        "🙂" * 3,
        OPEN.replace("a", "а"),
        OPEN + "\u200b",
    ],
)
def test_code_in_another_alphabet_leads_nowhere(client: Client, code: str) -> None:
    assert answer_is_ours(client, asking(f"/r/{quote(code)}")) == 404


@pytest.mark.parametrize("more", [0, 1])
def test_head_of_eight_kilobytes_is_answered_and_one_byte_more_is_not(client: Client, more: int) -> None:
    bare = len(asking(f"/r/{OPEN}", "GET", "X: "))
    data = asking(f"/r/{OPEN}", "GET", "X: " + "a" * (LONGEST_HEAD - bare + more))

    client.say(data)

    assert client.hear().status == (431 if more else 302)


def test_who_sends_byte_by_byte_does_not_hold_up_who_does_not(fronted: Fronted) -> None:
    slow = [fronted.client() for _ in range(50)]
    for number, one in enumerate(slow):
        one.say(asking(f"/r/{OPEN}")[: number + 1])

    assert [fronted.ask(f"/r/{OPEN}").status for _ in range(5)] == [302] * 5
    for number, one in enumerate(slow):
        one.say(asking(f"/r/{OPEN}")[number + 1 :])
        assert one.hear().status == 302
        one.close()


def test_many_requests_in_one_breath_end_with_the_one_that_is_none(client: Client, fronted: Fronted) -> None:
    before = len(fronted.clicks())
    client.say(
        asking(f"/r/{OPEN}") * 500
        + b"GET /r/"
        + OPEN.encode()
        + b" HTTP/1.1\r\nHost : a\r\n\r\n"
        + asking(f"/r/{OPEN}")
    )

    heard = client.hear_to_the_end()

    assert (heard.count(b"HTTP/1.1 302 "), heard.count(b"HTTP/1.1 400 "), heard.count(b"HTTP/1.1 ")) == (
        500,
        1,
        501,
    )
    assert len(fronted.clicks()) - before == 500


def test_who_says_no_more_after_half_a_page_is_passed_on_as_such(tmp_path: Path) -> None:
    with (
        running_front(tmp_path, Behind(str(tmp_path / "pages"), "secret")) as fronted,
        socket.socket(socket.AF_UNIX) as pages,
    ):
        pages.bind(str(tmp_path / "pages"))
        pages.listen()
        heard: list[bytes] = []
        reading = threading.Thread(target=_read_to_the_end, args=(pages, heard))
        reading.start()
        client = fronted.client()

        client.say(asking("/studio", "POST", "Content-Length: 10") + b"half")
        client.socket.shutdown(socket.SHUT_WR)
        reading.join(10)

        assert not reading.is_alive()
        assert b"".join(heard).endswith(b"\r\n\r\nhalf")
        client.close()


def _read_to_the_end(pages: socket.socket, heard: list[bytes]) -> None:
    connection, _ = pages.accept()
    with connection:
        while piece := connection.recv(65_536):
            heard.append(piece)
