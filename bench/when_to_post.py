"""When to post: how often hours are suggested that change nothing, and how often a real difference is found.

Bars: at most 5 % of worlds with a false suggestion; a working morning half as good again found in most worlds of the last
row. python bench/when_to_post.py [--worlds 200]
"""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

from machine import keep, machine

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from make_worlds import MORNING, NETWORKS, World, outcomes

from portevoix.analytics.timing import Advice, Verdict, advise

WORLDS = (
    World(people=15, shares=20),
    World(people=40, shares=8),
    World(people=40, shares=20),
    World(people=40, shares=20, stories=10),
    World(people=50, shares=40, unevenness=0.7),
)
MOST_FALSE, FEWEST_FOUND = 0.05, 0.5
EFFECT = 1.5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=200)
    count = parser.parse_args().worlds
    print(machine())
    print(
        "| people | stories | shares on a network | false suggestions | found | true ratio in its interval |"
    )
    print("|---|---|---|---|---|---|")
    rows = [row_of(world, count) for world in WORLDS]
    keep("when_to_post", {"worlds": count, "rows": rows})
    is_kept = all(float(row["false"]) <= MOST_FALSE for row in rows)
    return 0 if is_kept and float(rows[-1]["found"]) > FEWEST_FOUND else 1


def row_of(world: World, count: int) -> dict[str, float]:
    """What came of so many worlds where hours change nothing, and of half as many where they do; printed."""
    begun = time.perf_counter()
    nothing = [advise(outcomes(world, seed)) for seed in range(count)]
    changed = [
        linkedin(advise(outcomes(replace(world, effect=EFFECT), 10_000 + n))) for n in range(count // 2)
    ]
    found = [one.ratio for one in changed if one.window == MORNING and one.ratio is not None]
    false = sum(any(one.verdict == Verdict.BETTER for one in told) for told in nothing) / count
    true = sum(ratio.holds(EFFECT) for ratio in found) / len(found) if found else 0
    print(
        f"| {world.people} | {world.stories} | {world.people * world.shares:,} | {false:.1%} of {count} worlds | "
        f"{len(found) / len(changed):.0%} of {len(changed)} worlds | {true:.0%} |",
        flush=True,
    )
    spent = time.perf_counter() - begun
    return {"people": world.people, "shares": world.people * world.shares * len(NETWORKS), "false": false,
            "found": len(found) / len(changed), "true": true, "seconds": round(spent, 1)}  # fmt: skip


def linkedin(told: list[Advice]) -> Advice:
    return next(one for one in told if one.network == "linkedin")


if __name__ == "__main__":
    sys.exit(main())
