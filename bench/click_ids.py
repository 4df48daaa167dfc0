"""What a click id costs, and that a link without one pays nothing: replies of the front, made in this process.

Both kinds of links alternate in rounds. Prints the microseconds of one reply, then one line of JSON. Exits 1 when a
reply with a click id takes more than fifteen microseconds longer than one without.

python bench/click_ids.py [--rounds 9] [--replies 20000]
"""

import argparse
import json
import statistics
import sys
import time

from machine import machine

from portevoix.links.click_ids import Key
from portevoix.links.codes import new_code
from portevoix.redirector.answer import Link
from portevoix.redirector.replies import Replies
from portevoix.redirector.requests import Head, read_head

BAR_US = 15.0
PAGE = "https://www.atlas-energies.example/actualites/atelier-settat?utm_source=linkedin"
AGENT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1"


class RememberingDesk:
    """A desk at which everything is remembered."""

    def __init__(self, *, key: Key | None) -> None:
        self.hits, self.counter = 0, (0,)
        self._key = key
        self._link = Link(7, 1, "", PAGE, PAGE, carries_click_id=key is not None)

    def find(self, code: str) -> Link:
        return self._link

    def secret(self, organisation_id: int, month: str) -> bytes:
        return b"s" * 32

    def click_key(self, link: Link) -> Key | None:
        return self._key


class Visitor:
    def address(self, head: Head) -> str:
        return "203.0.113.7"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--replies", type=int, default=20_000)
    options = parser.parse_args()
    desks = {"without a click id": RememberingDesk(key=None), "with one": RememberingDesk(key=Key(b"k" * 32))}
    heads = [head_for(new_code()) for _ in range(64)]
    taken: dict[str, list[float]] = {name: [] for name in desks}
    for _ in range(options.rounds):
        for name, desk in desks.items():
            taken[name].append(microseconds(Replies(desk), heads, options.replies))  # type: ignore[arg-type]
    medians = {name: round(statistics.median(rounds), 2) for name, rounds in taken.items()}
    for name, median in medians.items():
        print(f"{name:20} {median:6.2f} µs a reply")
    more = round(medians["with one"] - medians["without a click id"], 2)
    print(json.dumps({"machine": machine(), **medians, "more": more, "bar": BAR_US}))
    return 0 if more <= BAR_US else 1


def head_for(code: str) -> Head:
    head = read_head(f"GET /r/{code} HTTP/1.1\r\nHost: l.example\r\nUser-Agent: {AGENT}\r\n\r\n".encode(), 0)
    assert head is not None
    return head


def microseconds(replies: Replies, heads: list[Head], count: int) -> float:
    """Processor time of one reply, its record included."""
    visitor = Visitor()
    begun = time.process_time()
    for number in range(count):
        replies.link(heads[number % 64], visitor)
    return (time.process_time() - begun) / count * 1e6


if __name__ == "__main__":
    sys.exit(main())
