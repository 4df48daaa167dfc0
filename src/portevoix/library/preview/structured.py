"""JSON-LD: what pages say to machines, in the shapes that pages really use."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence

Json = object
COMMENT = re.compile(r"^\s*(<!--|(//|/\*)?\s*<!\[CDATA\[\s*(\*/)?)|((//|/\*)?\s*\]\]>|-->)\s*(\*/)?\s*$")
LOST_COMMA = re.compile(r",(\s*[}\]])")
MAX_DEPTH = 40


class StructuredData:
    """Every JSON-LD object of a page, in order, graphs and arrays opened."""

    def __init__(self, scripts: Iterable[str]) -> None:
        self._items = [item for script in scripts for item in _items(_parsed(script))]

    def texts(self, path: str) -> Iterator[str]:
        """Texts at a dotted path: first those that objects have at their top, then those inside."""
        steps = path.split(".")
        for search in (_at, _inside):
            for item in self._items:
                found = [html.unescape(text) for text in search(item, steps, 0) if text.strip()]
                if found:
                    yield " and ".join(dict.fromkeys(found)) if search is _at and len(steps) > 1 else found[0]


def _parsed(script: str) -> Json:
    for attempt in (script, COMMENT.sub("", script), LOST_COMMA.sub(r"\1", COMMENT.sub("", script))):
        try:
            return json.JSONDecoder(strict=False).raw_decode(attempt.strip())[0]
        except (ValueError, RecursionError):
            continue
    return None


def _items(data: Json) -> Iterator[dict[str, Json]]:
    for thing in data if isinstance(data, list) else [data]:
        if not isinstance(thing, dict):
            continue
        graph = thing.get("@graph")
        if isinstance(graph, list):
            yield from (part for part in graph if isinstance(part, dict))
        else:
            yield thing


def _at(data: Json, steps: Sequence[str], depth: int) -> Iterator[str]:
    """Texts exactly at the path; a list is every one of its members."""
    if depth > MAX_DEPTH:
        return
    if isinstance(data, list):
        for member in data:
            yield from _at(member, steps, depth + 1)
    elif steps and isinstance(data, dict):
        yield from _at(data.get(steps[0]), steps[1:], depth + 1)
    elif not steps and isinstance(data, str):
        yield data


def _inside(data: Json, steps: Sequence[str], depth: int) -> Iterator[str]:
    """Texts at the path from anywhere inside, the nearest branches first."""
    if depth > MAX_DEPTH:
        return
    if isinstance(data, dict):
        found = list(_at(data, steps, 0))
        if found:
            yield from found
            return
        data = [part for name, part in data.items() if not name.startswith("@")]
    if isinstance(data, list):
        for part in data:
            yield from _inside(part, steps, depth + 1)
