"""What `bench/fuzz_requests.py` says to the front: known tricks of smuggling and of injecting headers, pieces of heads,
and heads with wounds. Everything is drawn by hypothesis, which then makes what it finds as small as it can."""

from hypothesis import strategies as st

HOST = b"Host: l.example\r\n"
MARK = b"x-injected"  # must never come back in an answer
CRLFS = (
    b"\r\n",
    b"\n",
    b"\r",
    b"%0d%0a",
    b"%0a",
    b"%0D",
    b"%250d%250a",
    b"\xc4\x8d\xc4\x8a",
    b"%c4%8d%c4%8a",
    b"\x85",
    b"\xe2\x80\xa8",
    b"\x0b",
    b"\x0c",
    b"\\r\\n",
    b"%u000d%u000a",
    b"\0",
)
DESTINATIONS = (
    b"//evil.example",
    b"\\\\evil.example",
    b"/\\evil.example",
    b"https:evil.example",
    b"javascript:alert(1)",
    b"data:text/html,x",
    b"https://l.example@evil.example",
    b"https://evil.example#",
    b"/..//evil.example",
    b"%2f%2fevil.example",
    b"%5c%5cevil.example",
    b"\xef\xbc\x8f\xef\xbc\x8fevil.example",
    b"java\tscript:x",
    b"?url=https://evil.example",
    b".evil.example",
    b":80@evil.example",
)
FRAMINGS = (
    b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    b"Transfer-Encoding : chunked\r\n",
    b"Transfer-Encoding:\tchunked\r\n",
    b"Transfer-Encoding: xchunked\r\n",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
    b"Transfer-Encoding: chunked, identity\r\n",
    b"Transfer-Encoding: \x0bchunked\r\n",
    b"Transfer-Encoding: chunk\r\n ed\r\n",
    b" Transfer-Encoding: chunked\r\n",
    b"Transfer_Encoding: chunked\r\n",
    b"X: y\nTransfer-Encoding: chunked\r\n",
    b"X: y\rTransfer-Encoding: chunked\r\n",
    b"X: y\r\n\r\nTransfer-Encoding: chunked\r\n",
    b"Content-Length: 5\r\nContent-Length: 6\r\n",
    b"Content-Length: +5\r\n",
    b"Content-Length: 5, 6\r\n",
    b"Content-Length: 0x5\r\n",
    b"Content-Length: 5 5\r\n",
    b"Content-Length: -1\r\n",
    b"Content-Length: \xb2\r\n",
    b"Content-Length: 99999999999999999999\r\n",
    b"Content-Length: 5\x00\r\n",
    b"Content_Length: 5\r\n",
    b"Content-Length\r\n: 5\r\n",
    b"Content-Length: 5\r\n\t6\r\n",
    b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: Chunked\r\n",
    b"TE: trailers\r\n",
    b"Expect: 100-continue\r\n",
    b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n",
    b"Connection: close\r\n",
    b"Connection: Host\r\n",
    b"Connection: keep-alive, close\r\n",
    b"Host: evil.example\r\n",
    b"host: evil.example\r\n",
    b"X-Forwarded-Host: evil.example\r\n",
    b"X-Forwarded-For: 127.0.0.1\r\n",
    b"X_Forwarded_For: 127.0.0.1\r\n",
    b"X-Portevoix-Front: guess\r\n",
    b"X_Portevoix_Front: guess\r\n",
    b"X-Original-URL: /studio\r\n",
    b"X-Http-Method-Override: DELETE\r\n",
    b"",
)
FOLLOWERS = (
    b"",
    b"0\r\n\r\n",
    b"5\r\nhello\r\n0\r\n\r\n",
    b"GET /r/%b HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"hello",
    b"0\r\n\r\nGET /r/%b HTTP/1.1\r\n" + HOST + b"\r\n",
    b"\r\n",
    b"\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
)
# What is right stands there more often, so that most heads are wrong in one place only.
METHODS = (
    *(b"GET",) * 16,
    *(b"HEAD",) * 3,
    b"POST",
    b"PUT",
    b"OPTIONS",
    b"TRACE",
    b"CONNECT",
    b"get",
    b"BREW",
    b"GET\t",
    b"G\0T",
    b"",
)
VERSIONS = (
    *(b"HTTP/1.1",) * 16,
    b"HTTP/1.0",
    b"HTTP/0.9",
    b"HTTP/2.0",
    b"HTTP/1.1 ",
    b"http/1.1",
    b"HTTP/1.10",
    b"",
)
NAMES = (
    b"Host",
    b"host",
    b"User-Agent",
    b"Referer",
    b"Accept-Language",
    b"Connection",
    b"Content-Length",
    b"X-A",
    b"Cookie",
    b"Transfer-Encoding",
    b"Sec-Purpose",
    b"X-Forwarded-For",
    b"X-Portevoix-Front",
    b"N\xe9",
    b"",
    b"Na me",
)
VALUES = (
    b"close",
    b"keep-alive",
    b"chunked",
    b"0",
    b"7",
    b"l.example",
    b"",
    b" x\ty ",
    b"close, x",
    b"prefetch",
    b"192.0.2.1",
    b"Mozilla/5.0 (iPhone) Mobile",
    b"https://www.linkedin.com/",
    b"fr-MA,fr;q=0.9",
    b"\xd8\xa7",
    b"a" * 3000,
)
SEPARATORS = (*(b": ",) * 12, b":", b" : ", b":\t", b"", b"=")
ENDS = (b"\r\n",) * 12 + (b"\n", b"\r", b"\r\n ", b"\r\n\r\n", b"\0\r\n")


def targets(code: bytes) -> st.SearchStrategy[bytes]:
    """What is asked for: the link however it is written, tricks around it, or anything."""
    link = b"/r/" + code
    plain = (
        link,
        link + b"/",
        link.upper(),
        b"/%72/" + code,
        b"//r/" + code,
        b"/./r/" + code,
        b"/r/" + code[:-1],
        b"/r/",
        b"http://l.example" + link,
        b"http://evil.example" + link,
        b"https://evil.example\\@l.example" + link,
        b"*",
        b"/",
        b"/studio",
        b"",
        link + b"#x",
        link + b"?" + b"a" * 2000,
        b"/r/" + b"a" * 9000,
    )
    injected = st.builds(
        lambda end, name: link + end + name + b": 1",
        st.sampled_from(CRLFS),
        st.sampled_from((MARK, b"Location")),
    )
    away = st.builds(
        lambda where, before: before + where,
        st.sampled_from(DESTINATIONS),
        st.sampled_from((link, b"/r/", b"/", b"")),
    )
    return st.one_of(
        st.sampled_from(plain), injected, away, st.binary(max_size=12).map(lambda rest: link + rest)
    )


def fields() -> st.SearchStrategy[bytes]:
    """Some fields: known tricks, pieces put together, and bytes that try to end a line early."""
    piece = st.builds(
        lambda name, separator, value, end: name + separator + value + end,
        st.sampled_from(NAMES),
        st.sampled_from(SEPARATORS),
        st.one_of(st.sampled_from(VALUES), st.binary(max_size=12)),
        st.sampled_from(ENDS),
    )
    injected = st.builds(
        lambda name, end: name + b": a" + end + MARK + b": 1\r\n",
        st.sampled_from(NAMES),
        st.sampled_from(CRLFS),
    )
    return st.lists(st.one_of(st.sampled_from(FRAMINGS), piece, injected), max_size=4).map(b"".join)


def requests(code: bytes) -> st.SearchStrategy[bytes]:
    """One request, right or not, and what may follow it."""

    def build(
        method: bytes, target: bytes, version: bytes, host: bytes, said: bytes, end: bytes, more: bytes
    ) -> bytes:
        return (
            method + b" " + target + b" " + version + b"\r\n" + host + said + end + more.replace(b"%b", code)
        )

    return st.builds(
        build,
        st.sampled_from(METHODS),
        targets(code),
        st.sampled_from(VERSIONS),
        st.sampled_from((*(HOST,) * 12, b"")),
        fields(),
        st.sampled_from((*(b"\r\n",) * 12, b"\n", b"")),
        st.sampled_from(FOLLOWERS),
    )


def wounded(code: bytes) -> st.SearchStrategy[bytes]:
    """A head that many browsers send, with a few bytes cut out and put in."""
    usual = (
        b"GET /r/" + code + b" HTTP/1.1\r\n" + HOST + b"User-Agent: Mozilla/5.0 (iPhone) Mobile\r\n"
        b"Referer: https://www.linkedin.com/\r\nAccept-Language: fr\r\n\r\n"
    )

    def build(at: int, cut: int, put: bytes, times: int) -> bytes:
        return usual * (times - 1) + usual[:at] + put + usual[at + cut :]

    put = st.one_of(
        st.sampled_from((b"", b" ", b"\t", b"\r", b"\n", b"\r\n", b":", b"\0", b"/", b"\xff")),
        st.binary(max_size=4),
    )
    return st.builds(build, st.integers(0, len(usual)), st.integers(0, 3), put, st.integers(1, 3))


def conversations(code: bytes) -> st.SearchStrategy[list[bytes]]:
    """What one client says, in the pieces in which it says it."""
    said = st.lists(
        st.one_of(requests(code), wounded(code), st.binary(max_size=60)), min_size=1, max_size=3
    ).map(b"".join)
    return st.builds(_cut, said, st.lists(st.integers(0, 2000), max_size=3))


def _cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({min(place, len(data)) for place in places} | {len(data)})
    return [data[begin:end] for begin, end in zip([0, *ends], ends, strict=False) if end > begin]
