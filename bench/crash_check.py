"""What a crash run left behind, judged by what the network's journal and the rows say, not by the product's own word.

It reads both as a stranger would: lines of JSON, and two tables by SQL. Of the product it takes nothing but the table of
moves, against which each post's history is held.
"""

import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from crash_clock import FastClock
from databases import Rows

from portevoix.sharing.states import MOVES

FINAL = ("published", "refused", "withdrawn", "needs_person")
LONGEST_MINUTES = 15.0
# As many unclear sendings in a row, and the person is asked: that is the promise, not a breach of it.
UNCLEAR_TRIES = 5
SHARES = {"published": "confirmed", "refused": "refused", "withdrawn": "taken_back"}
BREACHES = {
    "doubled": "more than one post on the network",
    "lost": "the row says published, the network has nothing; or the row is gone",
    "denied": "the row says that it did not go out, the network has it",
    "stuck": "not over at the end, or without a move for more than 15 minutes",
    "asked": "the person was asked although the network could tell",
    "early": "on the network before its moment",
    "hurried": "the network was asked again before the time it had named",
    "unannounced": "a request that no row had announced before it came",
    "contradicted": "the share, or the identifier, says something else than the post",
    "disordered": "a history that the table of moves does not allow",
}
SLACK_SECONDS = 1.0  # of the fast clock: rows keep milliseconds, and two clocks are read one after the other


@dataclass(frozen=True)
class Planned:
    """What the run asked for: a row, the code of its link, its moment."""

    pk: int
    code: str
    due: float


@dataclass
class Verdict:
    """What was found, by breach: the link codes; and what was counted."""

    breaches: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    minutes: list[float] = field(default_factory=list)
    histories: dict[str, Sequence[Sequence[str]]] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        return not any(self.breaches.values())

    def how_many(self, breach: str) -> int:
        return len(self.breaches.get(breach, []))

    def figures(self) -> dict[str, Any]:
        """All of it as JSON; three posts of each breach, with their histories, are enough to understand it."""
        p99 = (
            statistics.quantiles(self.minutes, n=100, method="inclusive")[98]
            if len(self.minutes) > 1
            else 0.0
        )
        return {
            **{breach: self.how_many(breach) for breach in BREACHES},
            **self.counts,
            "longest_minutes": round(max(self.minutes, default=0.0), 2),
            "p99_minutes": round(p99, 2),
            "examples": {
                breach: {code: self.histories.get(code, []) for code in codes[:3]}
                for breach, codes in self.breaches.items()
                if codes
            },
        }


@dataclass(frozen=True)
class Row:
    """A post as the database tells it."""

    state: str
    share_state: str
    post_id: str
    history: Sequence[Sequence[str]]

    def moments_of(self, state: str) -> list[float]:
        return [datetime.fromisoformat(at).timestamp() for name, at, _why in self.history if name == state]


@dataclass(frozen=True)
class Wait:
    """The network asked whoever bears that token to wait, when that post was sent."""

    code: str
    token: str
    said: float
    until: float


@dataclass
class Journal:
    """What the network says happened, by link code; moments in the fast clock."""

    done: defaultdict[str, list[tuple[float, str]]]
    asked: defaultdict[str, list[float]]
    by_token: defaultdict[str, list[tuple[float, str]]]
    waits: list[Wait]
    latest_seconds: float
    lag_seconds: float
    ways: Counter[str]


def read_journal(path: Path, fast: FastClock) -> Journal:
    """The journal, whole."""
    found = Journal(defaultdict(list), defaultdict(list), defaultdict(list), [], 0.0, 0.0, Counter())
    for line in path.read_text().splitlines():
        fact = json.loads(line)
        at, code = fast.shown_at(fact["at"]), fact.get("link", "").rpartition("/")[2]
        match fact["what"]:
            case "done":
                found.done[code].append((at, fact["id"]))
                found.latest_seconds = max(found.latest_seconds, fact["late"])
            case "asked":
                found.asked[code].append(at)
                found.by_token[fact["token"]].append((at, code))
                found.ways[fact["way"]] += 1
            case "wait":
                found.waits.append(Wait(code, fact["token"], at, fact["until"]))
            case "lag":
                found.lag_seconds = max(found.lag_seconds, fact["seconds"])
    return found


def read_rows(database_url: str) -> dict[int, Row]:
    """The posts, with the state of their share, by row number."""
    found = Rows(database_url).fetch(
        "select p.id, p.state, s.state, p.post_id, p.history from sharing_post p"
        " left join sharing_share s on s.id = p.share_id"
    )
    return {
        pk: Row(state, share or "", post_id, json.loads(history) if isinstance(history, str) else history)
        for pk, state, share, post_id, history in found
    }


def judge(planned: Sequence[Planned], rows: Mapping[int, Row], journal: Journal) -> Verdict:
    """Every post against every promise."""
    verdict = Verdict({breach: [] for breach in BREACHES})
    for one in planned:
        row = rows.get(one.pk)
        if row is None:
            verdict.breaches["lost"].append(one.code)
            continue
        verdict.histories[one.code] = row.history
        for breach in _breaches_of(one, row, journal):
            verdict.breaches[breach].append(one.code)
        if row.state in FINAL:
            verdict.minutes.append(_minutes(one, row))
    verdict.breaches["hurried"] = _hurried(
        journal, {one.code: rows[one.pk] for one in planned if one.pk in rows}
    )
    states = Counter(row.state for row in rows.values())
    steps = Counter(step for row in rows.values() for _state, _at, step in row.history)
    verdict.counts = {
        "publishes": len(planned),
        "published": states["published"],
        "refused": states["refused"] + states["withdrawn"],
        "needs_person": states["needs_person"],
        "interrupted": steps["interrupted"],
        "unclear": steps["no_answer"],
        "requests": sum(len(moments) for moments in journal.asked.values()),
    }
    return verdict


def _breaches_of(one: Planned, row: Row, journal: Journal) -> list[str]:
    done, asked = journal.done[one.code], journal.asked[one.code]
    sendings = row.moments_of("sending")
    found = {
        "doubled": len(done) > 1,
        "lost": row.state == "published" and not done,
        "denied": row.state in ("refused", "withdrawn") and bool(done),
        "stuck": row.state not in FINAL or _longest_stay(one, row) > LONGEST_MINUTES,
        "asked": row.state == "needs_person" and len(sendings) < UNCLEAR_TRIES,
        "early": any(at < one.due for at, _number in done),
        "unannounced": _is_unannounced(asked, sendings),
        "contradicted": _contradicts(row, [number for _at, number in done]),
        "disordered": not _is_in_order(row),
    }
    return [breach for breach, holds in found.items() if holds]


def _minutes(one: Planned, row: Row) -> float:
    """From its moment to its last move."""
    return max(0.0, datetime.fromisoformat(row.history[-1][1]).timestamp() - one.due) / 60


def _longest_stay(one: Planned, row: Row) -> float:
    """The longest time without a move, its moment being the first one."""
    moves = [datetime.fromisoformat(at).timestamp() for _state, at, _why in row.history]
    return (
        max((to - at for at, to in pairwise([one.due, *(at for at in moves if at > one.due)])), default=0.0)
        / 60
    )


def _is_unannounced(asked: Sequence[float], sendings: Sequence[float]) -> bool:
    """Whether there were ever more requests than times at which the row had said *sending*."""
    return any(
        place > sum(at <= came + SLACK_SECONDS for at in sendings)
        for place, came in enumerate(sorted(asked), 1)
    )


def _contradicts(row: Row, numbers: Sequence[str]) -> bool:
    is_other_post = row.state == "published" and bool(numbers) and row.post_id not in numbers
    return is_other_post or row.share_state != SHARES.get(row.state, "planned")


def _is_in_order(row: Row) -> bool:
    states = [state for state, _at, _why in row.history]
    moves = pairwise(states)
    return (
        states[:1] == ["scheduled"]
        and states[-1] == row.state
        and all(to in MOVES[state] for state, to in moves)
    )


def _hurried(journal: Journal, rows: Mapping[str, Row]) -> list[str]:
    """Posts that began to be sent after their account's wait was known here, and reached the network before its end.

    What another worker had begun a moment before is on its way; a worker that was killed as it was told knows nothing.
    """
    found = []
    for wait in journal.waits:
        known = _known_at(rows.get(wait.code), wait.said)
        for came, code in journal.by_token[wait.token]:
            begun = max(
                (at for at in rows[code].moments_of("sending") if at <= came + SLACK_SECONDS), default=came
            )
            if known is not None and known + SLACK_SECONDS < begun and came < wait.until - SLACK_SECONDS:
                found.append(code)
    return found


def _known_at(row: Row | None, said: float) -> float | None:
    """When the worker that was told to wait wrote it down; None when it never did."""
    noted = [at for _state, at, why in row.history if why == "asked_to_wait"] if row else []
    moments = (datetime.fromisoformat(at).timestamp() for at in noted)
    return min((at for at in moments if at >= said - SLACK_SECONDS), default=None)
