"""A page that nests without end is cut before it is parsed.

Parsers of HTML look up through the open elements at every block they meet, so a hundred thousand nested `div` cost
minutes. Browsers stop at 512 levels; no page that people read comes near.
"""

import re
from collections import Counter

MAX_DEPTH = 512
TAG = re.compile(r"<(?:!--|(/?)([a-zA-Z][^\s/<>]*)([^<>]*))")
# Elements without an end tag, and those whose end tag may be left out.
NOT_NESTING = frozenset({
    "area", "base", "body", "br", "caption", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html", "img",
    "input", "li", "link", "meta", "optgroup", "option", "p", "rp", "rt", "source", "tbody", "td", "tfoot", "th",
    "thead", "tr", "track", "wbr",
})  # fmt: skip
# Their content is text up to their end tag.
RAW = frozenset({"script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp"})
FOREIGN = frozenset({"svg", "math"})
# In HTML the slash of `<div/>` closes nothing, even inside a drawing.
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "center", "details", "dialog", "div", "dl", "fieldset", "figcaption",
    "figure", "footer", "form", "header", "main", "menu", "nav", "ol", "pre", "section", "span", "summary", "table",
    "ul",
})  # fmt: skip


def cut_where_bottomless(text: str) -> str:
    """The page up to the tag that nests beyond reason; the whole page when none does."""
    opened: Counter[str] = Counter()
    place = 0
    while found := TAG.search(text, place):
        place = found.end()
        if found.group(2) is None:
            place = _after(text, "-->", place)
            continue
        name = found.group(2).lower()
        if name in RAW and not found.group(1):
            place = _after(text, f"</{name}", place)
        elif _nests(found, name, opened) and opened.total() > MAX_DEPTH:
            return text[: found.start()]
    return text


def _nests(found: re.Match[str], name: str, opened: Counter[str]) -> bool:
    """Count one tag; whether it left something open."""
    if name in NOT_NESTING:
        return False
    if found.group(1):
        opened[name] = max(0, opened[name] - 1)
        return False
    is_drawn = any(opened[root] for root in FOREIGN) and name not in BLOCKS
    if is_drawn and found.group(3).endswith("/"):
        return False
    opened[name] += 1
    return True


def _after(text: str, mark: str, place: int) -> int:
    end = text.find(mark, place)
    return len(text) if end < 0 else end
