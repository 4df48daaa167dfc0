"""One parsed page and the questions that may be asked of it."""

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from portevoix.library.addresses import absolute_address

from .decoding import decode
from .nesting import cut_where_bottomless
from .structured import StructuredData
from .typography import condensed

MAX_TEXTS = 200
MAX_LETTERS = 5000


class Page:
    """A page as served, at the address it was served from."""

    def __init__(self, content: bytes, url: str, content_type: str | None) -> None:
        self.url = url
        self._tree = LexborHTMLParser(cut_where_bottomless(decode(content, content_type)))

    def nodes(self, selector: str) -> Iterator[LexborNode]:
        """The elements a CSS selector finds, in the order of the page."""
        yield from self._tree.css(selector)

    def attributes(self, selector: str, name: str) -> Iterator[str]:
        """The values, not empty, of an attribute of the elements found."""
        for node in self.nodes(selector):
            value = (node.attributes.get(name) or "").strip()
            if value:
                yield value

    def metas(self, *names: str) -> Iterator[str]:
        """The contents of meta elements of these names, name after name; `name` and `property` are one."""
        for name in names:
            yield from self._metas.get(name, [])

    def texts(self, selector: str, reads: Callable[[LexborNode], str] | None = None) -> Iterator[str]:
        """The texts, not empty, of the elements found."""
        for node in islice(self.nodes(selector), MAX_TEXTS):
            text = (reads or text_of)(node)
            if text:
                yield text

    def absolute(self, link: str) -> str | None:
        """A link of this page made whole, by its base where it declares one."""
        return absolute_address(self._base, link)

    @cached_property
    def structured(self) -> StructuredData:
        """The page's JSON-LD."""
        scripts = self.nodes('script[type="application/ld+json" i]')
        return StructuredData(node.text(deep=True) for node in scripts)

    @cached_property
    def text(self) -> str:
        """What a reader would read, as one line."""
        return condensed(" ".join(islice(self.texts("h1, h2, p, li"), MAX_TEXTS)))

    @cached_property
    def _base(self) -> str:
        declared = next(self.attributes("base[href]", "href"), "")
        return absolute_address(self.url, declared) or self.url

    @cached_property
    def _metas(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for node in self.nodes("meta[content]"):
            content = (node.attributes.get("content") or "").strip()
            for name in _names(node) if content else ():
                found.setdefault(name, []).append(content)
        return found


def _names(meta: LexborNode) -> set[str]:
    """What a meta element declares: `og:title`, `description`, `itemprop=image`."""
    kinds = {"property": "", "name": "", "itemprop": "itemprop=", "http-equiv": "http-equiv="}
    return {
        prefix + name
        for attribute, prefix in kinds.items()
        for name in (meta.attributes.get(attribute) or "").lower().split()
    }


def text_of(node: LexborNode) -> str:
    """The text inside an element, as one line, cut where nobody reads on."""
    pieces: list[str] = []
    letter_count = 0
    for part in node.traverse(include_text=True):
        if part.tag == "-text":
            pieces.append(part.text_content or "")
            letter_count += len(pieces[-1])
        if letter_count > MAX_LETTERS:
            break
    return condensed("".join(pieces)[:MAX_LETTERS])
