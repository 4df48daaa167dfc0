"""Heads are read strictly, and never otherwise than another reader would."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from http_oracle import agrees
from portevoix.redirector import requests
from portevoix.redirector.requests import LONGEST_HEAD, BadRequest, Head, read_head

PLAIN = b"GET /r/abc HTTP/1.1\r\nHost: l.example\r\n\r\n"


def head_of(data: bytes) -> Head:
    head = read_head(data)
    assert head is not None
    return head


def status_of(data: bytes) -> int:
    with pytest.raises(BadRequest) as refused:
        read_head(data)
    return refused.value.status


def with_fields(*lines: bytes, version: bytes = b"1.1") -> bytes:
    return b"\r\n".join([b"GET /r/abc HTTP/" + version, b"Host: l.example", *lines, b"", b""])


def test_head_is_read_up_to_its_end() -> None:
    head = head_of(with_fields(b"USER-agent: \t Lynx 2 \t", b"X-Other: 1") + b"GET ")

    assert (head.method, head.target, head.minor) == (b"GET", b"/r/abc", 1)
    assert head.fields == {b"host": b"l.example", b"user-agent": b"Lynx 2"}
    assert (head.keep_alive, head.has_body) == (True, False)
    assert head.end == len(with_fields(b"USER-agent: \t Lynx 2 \t", b"X-Other: 1"))


@pytest.mark.parametrize("length", range(len(PLAIN)))
def test_head_is_waited_for_until_it_is_whole(length: int) -> None:
    assert read_head(PLAIN[:length]) is None


def test_second_head_is_read_where_the_first_ended() -> None:
    data = PLAIN + PLAIN.replace(b"abc", b"xyz")

    second = read_head(data, head_of(data).end)

    assert second is not None
    assert (second.target, second.end) == (b"/r/xyz", len(data))


def test_one_empty_line_before_a_request_is_forgiven() -> None:
    assert head_of(b"\r\n" + PLAIN).end == len(PLAIN) + 2
    assert status_of(b"\r\n\r\n" + PLAIN) == 400


def test_longest_head_is_eight_kilobytes() -> None:
    room = LONGEST_HEAD - len(with_fields(b"X: "))

    assert head_of(with_fields(b"X: " + b"a" * room)).end == LONGEST_HEAD
    assert status_of(with_fields(b"X: " + b"a" * (room + 1))) == 431
    assert status_of(b"GET /" + b"a" * 1_000_000) == 431


@pytest.mark.parametrize(
    "line",
    [
        b"GET  /r/abc HTTP/1.1",
        b"GET /r/abc",
        b"GET /r/a bc HTTP/1.1",
        b"GET\t/r/abc HTTP/1.1",
        b"G(T /r/abc HTTP/1.1",
        b" GET /r/abc HTTP/1.1",
        b"GET /r/\x00 HTTP/1.1",
        b"GET /r/\x7f HTTP/1.1",
        b"GET /r/\xd8\xb1 HTTP/1.1",
        b"GET r/abc HTTP/1.1",
        b"GET l.example:80 HTTP/1.1",
        b"GET http:///r/abc HTTP/1.1",
        b"GET http://l.example@evil.example/r/abc HTTP/1.1",
        b"GET https://evil.example\\@l.example/r/abc HTTP/1.1",
        b"GET ftp://l.example/r/abc HTTP/1.1",
        b"GET /r/abc http/1.1",
        b"GET /r/abc HTTP/1.1 ",
        b"GET /r/abc HTTP/11",
        b"\x16\x03\x01\x02\x00\x01\x00",
    ],
)
def test_line_that_is_no_request_is_refused(line: bytes) -> None:
    assert status_of(line + b"\r\nHost: l.example\r\n\r\n") == 400


@pytest.mark.parametrize("method", [b"get", b"CONNECT", b"PRI", b"BREW"])
def test_method_that_nobody_here_knows_is_refused_by_its_own_status(method: bytes) -> None:
    assert status_of(method + with_fields()[3:]) == 501


@pytest.mark.parametrize("version", [b"0.9", b"1.2", b"2.0", b"3.0"])
def test_other_versions_are_refused_by_their_own_status(version: bytes) -> None:
    assert status_of(with_fields(version=version)) == 505


@pytest.mark.parametrize(
    "line",
    [
        b" folded: 1",
        b"\tfolded",
        b"Name : 1",
        b"Name",
        b": 1",
        b"Na\x00me: 1",
        b"Name: a\x00b",
        b"Name: a\rb",
        b"Name: a\nInjected: b",
        b"Name: a\x0bb",
        b"N\xe9: 1",
        b"Host: other.example",
        b"Content-Length: 1\r\nContent-Length: 1",
        b"Content-Length: 1\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: identity",
        b"Transfer-Encoding: \x0bchunked",
        b"Content-Length: +1",
        b"Content-Length: 1,1",
        b"Content-Length: 0x1",
        b"Content-Length:",
        b"Content-Length: 1" + b"0" * 18,
    ],
)
def test_field_that_could_be_read_in_two_ways_is_refused(line: bytes) -> None:
    assert status_of(with_fields(line)) == 400


def test_host_is_asked_of_todays_version_only() -> None:
    assert status_of(b"GET / HTTP/1.1\r\n\r\n") == 400
    assert head_of(b"GET / HTTP/1.0\r\n\r\n").minor == 0


def test_chunks_do_not_go_with_the_older_version() -> None:
    assert status_of(with_fields(b"Transfer-Encoding: chunked", version=b"1.0")) == 400


@pytest.mark.parametrize(
    ("version", "connection", "keeps"),
    [
        (b"1.1", b"", True),
        (b"1.1", b"Connection: close", False),
        (b"1.1", b"Connection: X, CLOSE", False),
        (b"1.1", b"Connection: X\r\nConnection: close", False),
        (b"1.0", b"", False),
        (b"1.0", b"connection: Keep-Alive", True),
        (b"1.0", b"Connection: keep-alive, close", False),
    ],
)
def test_connection_is_kept_as_it_is_asked(version: bytes, connection: bytes, keeps: bool) -> None:
    lines = [connection] if connection else []

    assert head_of(with_fields(*lines, version=version)).keep_alive is keeps


@pytest.mark.parametrize(
    ("line", "has_body"),
    [(b"Content-Length: 0", False), (b"Content-Length: 12", True), (b"Transfer-Encoding: Chunked", True)],
)
def test_body_is_announced(line: bytes, has_body: bool) -> None:
    assert head_of(with_fields(line)).has_body is has_body


def test_address_told_in_several_lines_is_one_list() -> None:
    head = head_of(with_fields(b"X-Forwarded-For: 192.0.2.1", b"x-forwarded-for: 192.0.2.2 "))

    assert head.fields[b"x-forwarded-for"] == b"192.0.2.1, 192.0.2.2"


@pytest.mark.parametrize(
    ("line", "is_usual"),
    [
        (b"Connection: keep-alive", True),
        (b"Sec-Fetch-Mode: navigate", True),
        (b"Host: other.example", False),
        (b"User-Agent: other", False),
        (b"Connection: close", False),
        (b"Content-Length: 0", False),
        (b"TRANSFER-ENCODING: chunked", False),
        (b"X-Forwarded-For: 192.0.2.1, 192.0.2.2", True),
        (b"X-Forwarded-For: 192.0.2.1\r\nx-forwarded-for: 192.0.2.2", False),
        (b"X-FORWARDED-FOR: 192.0.2.1", False),
        (b"Sec-Purpose: prefetch", False),
        (b"Referer: https://a.example/ ", False),
    ],
)
def test_only_heads_without_any_doubt_are_read_in_one_go(line: bytes, is_usual: bool) -> None:
    data = with_fields(b"User-Agent: Lynx", line)

    assert (requests.read_usual(data, 0) is not None) is is_usual
    assert (requests.said_in(data) is not None) is is_usual


def test_what_a_click_needs_is_told_of_a_usual_head_that_is_all() -> None:
    data = with_fields(b"Accept-Language: fr", b"X-Forwarded-For: 192.0.2.1", b"User-Agent: Lynx", b"X-A: 1")

    assert requests.said_in(data) == (b"Lynx", b"", b"fr", b"192.0.2.1")
    assert [requests.said_in(other) for other in (data[:-1], data + b"G", data + data)] == [None] * 3
    assert requests.said_in(b"GET / HTTP/1.1\r\nUser-Agent: Lynx\r\n\r\n") is None  # no host


def test_longest_head_is_longest_for_a_click_too() -> None:
    room = LONGEST_HEAD - len(with_fields(b"X: "))

    assert requests.said_in(with_fields(b"X: " + b"a" * room)) == (b"", b"", b"", b"")
    assert requests.said_in(with_fields(b"X: " + b"a" * (room + 1))) is None


@pytest.mark.parametrize(
    "line", [b"Connection: keep-alive", b"Connection: Keep-Alive", b"X-A: 1", b"Referer: "]
)
def test_usual_head_is_read_as_any_other_and_as_httptools_does(line: bytes) -> None:
    assert agrees(with_fields(b"User-Agent: Lynx", line))


NAMES = st.sampled_from(
    [
        b"Host",
        b"host",
        b"User-Agent",
        b"Connection",
        b"Content-Length",
        b"Transfer-Encoding",
        b"X-A",
        b"Referer",
        b"X-Forwarded-For",
        b"x-forwarded-for",
    ]
)
VALUES = st.one_of(
    st.sampled_from(
        [b"close", b"keep-alive", b"chunked", b"0", b"7", b"l.example", b"", b" x\ty ", b"close, x"]
    ),
    st.binary(max_size=12),
)
LINES = st.lists(st.tuples(NAMES, st.sampled_from([b":", b": ", b" : ", b":\t", b""]), VALUES), max_size=6)
ENDS = st.sampled_from([b"\r\n"] * 12 + [b"\n", b"\r", b"\r\n ", b"\r\n\r\n"])


@given(
    method=st.sampled_from([b"GET", b"HEAD", b"POST", b"OPTIONS"]),
    target=st.one_of(
        st.sampled_from([b"/r/abc", b"/", b"*"]), st.binary(max_size=8).map(lambda end: b"/" + end)
    ),
    version=st.sampled_from([b"HTTP/1.1", b"HTTP/1.0", b"HTTP/1.1 "]),
    lines=LINES,
    ends=st.lists(ENDS, min_size=8, max_size=8),
)
@settings(max_examples=1500, deadline=None)
def test_heads_made_of_usual_pieces_are_read_as_httptools_does(
    method: bytes, target: bytes, version: bytes, lines: list[tuple[bytes, bytes, bytes]], ends: list[bytes]
) -> None:
    parts = [b" ".join([method, target, version]), *(b"".join(line) for line in lines), b""]
    data = b"".join(part + end for part, end in zip(parts, ends, strict=False))

    assert agrees(b"Host: a".join(data.split(b"Host: l.example", 1)))


@given(
    at=st.integers(0, len(PLAIN)),
    cut=st.integers(0, 3),
    put=st.binary(max_size=4),
    more=st.binary(max_size=40),
)
@settings(max_examples=1500, deadline=None)
def test_heads_with_a_wound_are_read_as_httptools_does(at: int, cut: int, put: bytes, more: bytes) -> None:
    assert agrees(PLAIN[:at] + put + PLAIN[at + cut :] + more)


@given(st.binary(max_size=200))
@settings(max_examples=500, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert agrees(data)
    assert agrees(with_fields(data))
