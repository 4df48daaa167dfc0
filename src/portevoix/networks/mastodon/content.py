"""What people see of a status: its text and its links, read from the HTML in which servers give it."""

from collections.abc import Mapping
from contextlib import suppress
from html.parser import HTMLParser
from typing import Any

from portevoix.networks.wire import prose_at, text_at

# Far more than any server lets anybody write, links and marks included.
LONGEST = 100_000
BREAKS = frozenset({"br", "p", "div", "li"})


class _Reader(HTMLParser):
    """Collects words and addresses; servers cut a link into pieces, of which they hide some."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BREAKS:
            self.words.append("\n")
        self.addresses += [value for name, value in attrs if tag == "a" and name == "href" and value]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def holds_link(status: Mapping[str, Any], link: str) -> bool:
    """Whether a status leads to that link: in its text, under its text, or by its card."""
    reader = _read(prose_at(status, "content")[:LONGEST])
    shown = "".join(reader.words).split()
    return any(link in word for word in shown) or link in (*reader.addresses, text_at(status, "card", "url"))


def _read(content: str) -> _Reader:
    reader = _Reader()
    with suppress(
        AssertionError
    ):  # of the parser, at marks that no HTML has: what it read so far is what there is
        reader.feed(content)
        reader.close()
    return reader
