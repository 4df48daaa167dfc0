"""The body of a page, for those that declare nothing: its first paragraph and its first real picture."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from selectolax.lexbor import LexborNode

from .page import Page, text_of

FURNITURE = frozenset({"nav", "header", "footer", "aside", "form", "menu", "dialog", "noscript", "template"})
PARAGRAPH_LETTERS = 25
ICON_PIXELS = 48
MAX_PARAGRAPHS = 2000
NOT_A_PICTURE = re.compile(
    r"^data:|(^|/)(sprites?|spacer|blank|pixel|clear|transparent|1x1|loading|placeholder)\.\w+($|\?)",
    re.IGNORECASE,
)


def first_paragraph(page: Page) -> Iterator[str]:
    """The first paragraph of the block that holds most of the page's prose."""
    block = _main_block(page)
    if block is None:
        return
    for paragraph in block.css("p"):
        text = text_of(paragraph)
        if text:
            yield text


def pictures(page: Page, selector: str) -> Iterator[str]:
    """The addresses of the pictures found, without icons, spacers and lazy placeholders."""
    for node in page.nodes(selector):
        if not is_icon(node.attributes):
            yield from _sources(node)


def _main_block(page: Page) -> LexborNode | None:
    """The parent whose paragraphs weigh most; a grandparent counts for half."""
    weights: dict[int, float] = {}
    blocks: dict[int, LexborNode] = {}
    for paragraph in islice(page.nodes("p"), MAX_PARAGRAPHS):
        weight = _weight(paragraph)
        block = paragraph.parent
        for share in (1.0, 0.5):
            if block is None or not weight:
                break
            weights[block.mem_id] = weights.get(block.mem_id, 0.0) + weight * share
            blocks.setdefault(block.mem_id, block)
            block = block.parent
    if not weights:
        return None
    return blocks[max(weights, key=lambda block: weights[block])]


def _weight(paragraph: LexborNode) -> float:
    text = text_of(paragraph)
    if len(text) < PARAGRAPH_LETTERS or _is_furniture(paragraph):
        return 0.0
    return 1 + text.count(",") + text.count("،") + min(len(text) / 100, 3)


def _is_furniture(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in FURNITURE:
            return True
        parent = parent.parent
    return False


def is_icon(attributes: Mapping[str, str | None]) -> bool:
    """Whether the size a picture declares is that of an icon or of a counting pixel."""
    sizes = [re.match(r"\s*(\d+)", attributes.get(side) or "") for side in ("width", "height")]
    return any(size is not None and int(size.group(1)[:6]) < ICON_PIXELS for size in sizes)


def _sources(node: LexborNode) -> Iterator[str]:
    for name in ("src", "data-src", "data-original", "data-lazy-src"):
        source = (node.attributes.get(name) or "").strip()
        if source and not NOT_A_PICTURE.search(source):
            yield source
