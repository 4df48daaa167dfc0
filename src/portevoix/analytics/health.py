"""How the programme is kept: what is still to be set up, how fresh the stories are, how each pillar stands to its target.

Facts only, all computed: nobody ticks anything by hand.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.utils import translation

from portevoix.editorial import queries as editorial
from portevoix.library.models import Source, Story
from portevoix.library.queries import live_stories
from portevoix.people.models import Participation, Person
from portevoix.sharing.models import Share
from portevoix.sharing.states import STANDING

VOLUNTEERS_TO_START = 10
ENDS_SOON = timedelta(days=3)
# Ages of stories, in days, as bars: up to three days, up to seven, up to eleven, and beyond.
AGE_LIMITS = (3, 7, 11)


@dataclass(frozen=True)
class Beginnings:
    """What a programme needs before it can live."""

    has_pillars: bool
    has_disclosure: bool
    has_stories: bool
    joined: int
    was_shared: bool

    @property
    def has_volunteers(self) -> bool:
        return self.joined >= VOLUNTEERS_TO_START

    @property
    def are_over(self) -> bool:
        """Whether everything is there."""
        ready = self.has_pillars and self.has_disclosure and self.has_stories
        return ready and self.has_volunteers and self.was_shared


@dataclass(frozen=True)
class Freshness:
    """The stories that may be shared: how many, how old, how many end soon. `ages` holds one count for each bar."""

    count: int
    median_days: int
    ending_count: int
    ages: tuple[int, ...]


@dataclass(frozen=True)
class Balance:
    """A pillar's part of the stories that may be shared, beside its target; both from 0 to 1."""

    name: str
    count: int
    share: float
    target: float

    @property
    def gap(self) -> float:
        """How much is missing to the target; negative when there is more."""
        return self.target - self.share


@dataclass(frozen=True)
class Health:
    """The newsroom at a glance."""

    beginnings: Beginnings
    freshness: Freshness
    balances: list[Balance]


def health(language: str, *, now: datetime) -> Health:
    """How the programme of the organisation in force is kept; `language` is the organisation's own."""
    live = list(live_stories(now).only("published_at", "created_at", "expires_at", "pillar_id"))
    return Health(_beginnings(language), freshness_of(live, now), _balances(live))


def freshness_of(stories: Iterable[Story], now: datetime) -> Freshness:
    """How fresh these stories are."""
    rows = list(stories)
    ages = [max((now - (story.published_at or story.created_at)).days, 0) for story in rows]
    bars = Counter(sum(age > limit for limit in AGE_LIMITS) for age in ages)
    ending = [story for story in rows if story.expires_at and story.expires_at <= now + ENDS_SOON]
    return Freshness(
        count=len(rows),
        median_days=round(median(ages)) if ages else 0,
        ending_count=len(ending),
        ages=tuple(bars[bar] for bar in range(len(AGE_LIMITS) + 1)),
    )


def _balances(live: Sequence[Story]) -> list[Balance]:
    counts = Counter(story.pillar_id for story in live)
    language = translation.get_language() or "fr"
    return [
        Balance(
            name=pillar.name_in(language),
            count=counts[pillar.pk],
            share=counts[pillar.pk] / len(live) if live else 0.0,
            target=pillar.target_share / 100,
        )
        for pillar in editorial.pillars()
    ]


def _beginnings(language: str) -> Beginnings:
    joined = Person.objects.filter(participation=Participation.JOINED, is_active=True).count()
    return Beginnings(
        has_pillars=editorial.pillars().exists(),
        has_disclosure=bool(editorial.disclosure_lines().get(language)),
        has_stories=Source.objects.exists() or Story.objects.exclude(published_at=None).exists(),
        joined=joined,
        was_shared=Share.objects.of_people().filter(state__in=STANDING).exists(),
    )
