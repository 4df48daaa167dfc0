"""Inputs made to be slow: every reader of other people's bytes gets to their end. Bars are generous, a hang is not.

python bench/hostile.py
"""

import random
import sys
import time
from collections.abc import Callable

from machine import keep, machine

from portevoix.library.feeds import read_feed
from portevoix.library.preview.reading import read_preview
from portevoix.links.robots import judge_agent
from portevoix.networks import counting
from portevoix.sharing.own_words import own_words
from portevoix.sharing.similarity import closest

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
NUMBERED = " ".join(f"mot{number}" for number in range(14_000))


def preview(page: str) -> Callable[[], object]:
    return lambda: read_preview(page.encode(), "https://hostile.example/", "text/html")


def crowd() -> list[str]:
    drawn = random.Random(7)
    return [" ".join(f"mot{drawn.randrange(3_000)}" for _ in range(400))[:3_000] for _ in range(500)]


# (what, how, most seconds)
CASES: tuple[tuple[str, Callable[[], object], float], ...] = (
    ("page: 300,000 open div", preview("<div/>" * 300_000), 4),
    ("page: unclosed comments", preview("<!--" * 400_000), 4),
    ("page: nested JSON-LD", preview(f'<script type="application/ld+json">{"[" * 90_000}</script>'), 4),
    ("feed: 100,000 open items", lambda: read_feed(b"<rss><channel>" + b"<item>" * 100_000), 6),
    ("agent: 100,000 letters", lambda: judge_agent("a" * 100_000), 0.5),
    ("agent: repeated words", lambda: judge_agent("Android " * 9_000), 0.5),
    ("agents: a known one, 50,000 times", lambda: [judge_agent(CHROME) for _ in range(50_000)], 1),
    ("count: 50,000 bare dots", lambda: counting.weighted_length("a." * 50_000), 5),
    ("count: a path of brackets", lambda: counting.weighted_length("https://a.bc/" + "(a" * 50_000), 5),
    ("own words: 100,000 characters", lambda: own_words(NUMBERED, [NUMBERED[:20_000]] * 15), 3),
    ("near-identical: 500 texts of 3,000", lambda: closest("mot1 mot2 mot3 " * 200, crowd()), 1),
)


def main() -> int:
    print(f"{machine()}\n\n| input | seconds | at most |\n|---|---|---|")
    figures, late = {}, []
    for what, read, most in CASES:
        began = time.perf_counter()
        read()
        figures[what] = took = time.perf_counter() - began
        late += [what] if took > most else []
        print(f"| {what} | {took:.2f} | {most} |")
    keep("hostile", figures)
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
