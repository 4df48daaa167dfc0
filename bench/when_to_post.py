"""When to post: how often hours are suggested that change nothing, and how often a real difference is found.

Bars: at most 5 % of worlds with a false suggestion; a working morning half as good again found in most worlds of the last
row. python bench/when_to_post.py [--worlds 200] [--write]
"""

import argparse
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from machine import keep, machine
from pages import write_part

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from make_worlds import MORNING, World, outcomes
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


HEAD = (
    "| people | stories | shares on a network | false suggestions | found | true ratio in its interval |",
    "|---|---|---|---|---|---|",
)


@dataclass(frozen=True)
class Outcome:
    """Of so many worlds where hours change nothing, the part with a suggestion; of half as many where they do, the part
    in which that was found, and of these the part whose interval holds the truth.
    """

    false: float
    found: float
    true: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--write", action="store_true", help="write the table into docs/run/performance.md")
    asked = parser.parse_args()
    lines, known = list(HEAD), []
    print("\n".join(HEAD))
    for world in WORLDS:
        known.append(outcome_of(world, asked.worlds))
        lines.append(row(world, known[-1], asked.worlds))
        print(lines[-1], flush=True)
    print(machine())
    if asked.write:
        write_part("performance.md", "when to post", "\n".join(lines))
    keep("when_to_post", {"worlds": asked.worlds, "outcomes": [asdict(one) for one in known]})
    return 0 if all(one.false <= MOST_FALSE for one in known) and known[-1].found > FEWEST_FOUND else 1


def outcome_of(world: World, count: int) -> Outcome:
    """What came of so many worlds where hours change nothing, and of half as many where they do."""
    nothing = [advise(outcomes(world, seed)) for seed in range(count)]
    changed = [
        linkedin(advise(outcomes(replace(world, effect=EFFECT), 10_000 + n))) for n in range(count // 2)
    ]
    found = [one.ratio for one in changed if one.window == MORNING and one.ratio is not None]
    return Outcome(
        false=sum(any(one.verdict == Verdict.BETTER for one in told) for told in nothing) / count,
        found=len(found) / len(changed),
        true=sum(ratio.holds(EFFECT) for ratio in found) / len(found) if found else 0,
    )


def row(world: World, outcome: Outcome, count: int) -> str:
    """The row of a world."""
    return (
        f"| {world.people} | {world.stories} | {world.people * world.shares:,} | "
        f"{outcome.false:.1%} of {count} worlds | {outcome.found:.0%} of {count // 2} worlds | {outcome.true:.0%} |"
    )


def linkedin(told: list[Advice]) -> Advice:
    return next(one for one in told if one.network == "linkedin")


if __name__ == "__main__":
    sys.exit(main())
