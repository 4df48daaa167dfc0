"""The order of the stories a person may share, and why each is there. Pure: no database, no clock.

What counts, from most to least: the themes the person follows, an editor's choice, freshness, the person's language, a
colleague's suggestion, an end that is near. What was shared already comes last. Of two stories that are worth the same,
the one whose theme was not just shown comes first, so that the page does not say one thing three times.
"""

import math
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FOLLOWED = 2.0
FEATURED = 1.2
FRESH = 1.6  # at the moment of publication, halved every HALF_LIFE
SPOKEN = 0.8
SUGGESTED = 0.4
ENDING = 0.3
OWN_SUGGESTION = 1.0
SHARED = -20.0  # per channel it was shared on already: more than all the rest together
SEEN_THEME = 0.9  # for each story of the same theme among the last ones shown
READ_ONLY = -1.5
HALF_LIFE = timedelta(days=4)
NEW_FOR = timedelta(hours=30)
ENDING_WITHIN = timedelta(hours=48)
THEMES_REMEMBERED = 3


class Why(StrEnum):
    """Why a story is there. Those named after what the person declared come before the others."""

    OWN_SUGGESTION = "own_suggestion"
    FOLLOWED = "followed"
    SUGGESTED = "suggested"
    FEATURED = "featured"
    NEW = "new"
    ENDING = "ending"
    SPOKEN = "spoken"
    EVERYONE = "everyone"


@dataclass(frozen=True)
class Reason:
    """One reason, as a stable code and the fact it needs: the theme's code, a colleague's number."""

    why: Why
    fact: str = ""


@dataclass(frozen=True)
class Candidate:
    """A story that may be shared at that moment by somebody of its audience."""

    story_id: int
    published_at: datetime
    expires_at: datetime | None
    pillar: str = ""
    is_spoken: bool = False  # whether there is something to say about it in a language of the person
    is_featured: bool = False
    is_internal: bool = False
    suggested_by: int | None = None
    shared_on: int = 0  # how many channels the person shared it on


@dataclass(frozen=True)
class Facts:
    """What the order may look at in a person: what they declared, nothing else."""

    person_id: int
    followed: frozenset[str]


@dataclass(frozen=True)
class Ranked:
    """A story in its place, with one or two reasons for being there."""

    candidate: Candidate
    reasons: tuple[Reason, ...]


def rank(candidates: Sequence[Candidate], facts: Facts, now: datetime) -> Iterator[Ranked]:
    """The stories in the order to show them, one at a time: who needs ten of five hundred pays for ten."""
    waiting: dict[str, deque[tuple[float, Candidate]]] = defaultdict(deque)
    for candidate in sorted(candidates, key=lambda one: (-worth(one, facts, now), one.story_id)):
        waiting[candidate.pillar].append((worth(candidate, facts, now), candidate))
    shown: deque[str] = deque(maxlen=THEMES_REMEMBERED)
    while waiting:
        pillar = _next_pillar(waiting, Counter(shown))
        _worth, candidate = waiting[pillar].popleft()
        if not waiting[pillar]:
            del waiting[pillar]
        shown.append(pillar)
        yield Ranked(candidate, reasons(candidate, facts, now))


def _next_pillar(waiting: dict[str, deque[tuple[float, Candidate]]], shown: Counter[str]) -> str:
    """The theme whose best story is worth most once what was just shown is taken off."""

    def standing(pillar: str) -> tuple[float, int]:
        value, candidate = waiting[pillar][0]
        return value - (SEEN_THEME * shown[pillar] if pillar else 0), -candidate.story_id

    return max(waiting, key=standing)


def worth(candidate: Candidate, facts: Facts, now: datetime) -> float:
    """What a story is worth to the person at that moment; only the order of these numbers means anything."""
    age = max(now - candidate.published_at, timedelta(0))
    return (
        FRESH * math.pow(0.5, age / HALF_LIFE)
        + FOLLOWED * (candidate.pillar in facts.followed)
        + FEATURED * candidate.is_featured
        + SPOKEN * candidate.is_spoken
        + SUGGESTED * (candidate.suggested_by is not None)
        + OWN_SUGGESTION * (candidate.suggested_by == facts.person_id)
        + ENDING * _is_ending(candidate, now)
        + SHARED * candidate.shared_on
        + READ_ONLY * candidate.is_internal
    )


def reasons(candidate: Candidate, facts: Facts, now: datetime) -> tuple[Reason, ...]:
    """The one or two strongest reasons, what the person declared first; there is always one."""
    found = tuple(_all_reasons(candidate, facts, now))
    return found[:2] or (Reason(Why.EVERYONE),)


def _all_reasons(candidate: Candidate, facts: Facts, now: datetime) -> Iterator[Reason]:
    if candidate.suggested_by == facts.person_id:
        yield Reason(Why.OWN_SUGGESTION)
    if candidate.pillar and candidate.pillar in facts.followed:
        yield Reason(Why.FOLLOWED, candidate.pillar)
    if candidate.suggested_by not in (None, facts.person_id):
        yield Reason(Why.SUGGESTED, str(candidate.suggested_by))
    if candidate.is_featured:
        yield Reason(Why.FEATURED)
    if now - candidate.published_at < NEW_FOR:
        yield Reason(Why.NEW)
    if _is_ending(candidate, now):
        yield Reason(Why.ENDING)
    if candidate.is_spoken:
        yield Reason(Why.SPOKEN)


def _is_ending(candidate: Candidate, now: datetime) -> bool:
    return candidate.expires_at is not None and candidate.expires_at - now < ENDING_WITHIN
