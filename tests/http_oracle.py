"""Another reader of HTTP, httptools, as the oracle of ours: what we take for a head, it must take for the same."""

from dataclasses import dataclass, field

import httptools

from portevoix.redirector.requests import BadRequest, Head, read_any, read_head, read_usual, said_in


@dataclass
class Oracle:
    """What httptools reads of some bytes."""

    target: bytes = b""
    fields: list[tuple[bytes, bytes]] = field(default_factory=list)
    is_whole: bool = False
    keeps_alive: bool = False
    is_upgrade: bool = False
    ended: int = 0

    def __post_init__(self) -> None:
        self.parser = httptools.HttpRequestParser(self)

    def on_url(self, target: bytes) -> None:
        self.target += target

    def on_header(self, name: bytes, value: bytes) -> None:
        self.fields.append((name.lower(), value.strip(b" \t")))

    def on_headers_complete(self) -> None:
        self.is_whole = True
        self.keeps_alive = bool(self.parser.should_keep_alive())  # forgotten once the request is over

    def on_message_complete(self) -> None:
        self.ended += 1

    def read(self, data: bytes) -> None:
        """Reads a head; a wish for another protocol is a head as well, and the end of reading, body or not."""
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.is_upgrade = True

    def values(self, name: bytes) -> list[bytes]:
        """What was said under a name, in its order."""
        return [value for said, value in self.fields if said == name]


def agrees(data: bytes) -> bool:
    """Whether httptools reads the head at the beginning as we do; what we refuse, it may think of as it likes."""
    try:
        head = read_head(data)
    except BadRequest:
        return True
    if head is None:
        return True
    if (usual := read_usual(data)) is not None and usual != _without_connection(read_any(data)):
        return False
    if said_in(data) != (_said(usual) if usual is not None and usual.end == len(data) else None):
        return False
    oracle = Oracle()
    oracle.read(data[: head.end])
    return _is_same(oracle, head)


def _said(head: Head) -> tuple[bytes, ...]:
    names = (b"user-agent", b"referer", b"accept-language", b"x-forwarded-for")
    return tuple(head.fields.get(name, b"") for name in names)


def _without_connection(head: Head | None) -> Head | None:
    """A usual head does not repeat in its fields that the connection is kept."""
    if head is None:
        return None
    return head._replace(fields={name: value for name, value in head.fields.items() if name != b"connection"})


def _is_same(oracle: Oracle, head: Head) -> bool:
    single = {
        name: value
        for name, value in reversed(oracle.fields)
        if name in head.fields and name != b"x-forwarded-for"
    }
    ours = {name: value for name, value in head.fields.items() if name in single and name != b"connection"}
    return (
        oracle.is_whole
        and (oracle.target, oracle.parser.get_method()) == (head.target, head.method)
        and oracle.parser.get_http_version() == f"1.{head.minor}"
        and (oracle.keeps_alive is head.keep_alive or _says_close(head))
        and oracle.ended == (0 if head.has_body and not oracle.is_upgrade else 1)
        and all(single[name] == value for name, value in ours.items())
    )


def _says_close(head: Head) -> bool:
    """Whether the connection ends because that was said; httptools lets `keep-alive, close` go on."""
    return not head.keep_alive and b"close" in head.fields.get(b"connection", b"").lower()
