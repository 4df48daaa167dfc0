"""Eight weeks in the life of the demo company, told from a seed: who joins, who shares what, and who clicks.

Pure: nothing is read but the demo's own data, nothing is written. `life` gives events in the order of time, and
the seeding replays each through the action or the redirector that a person would have met.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Protocol
from zoneinfo import ZoneInfo

from portevoix.demo import line
from portevoix.demo.company import ANA, ATLAS, SAISS, Language, Organisation, Person
from portevoix.demo.stories import SAISS_STORIES, STORIES, Caption, Story
from portevoix.demo.visitors import PREVIEWS, REFERRERS, ROBOTS, Visitor, new_visitor
from portevoix.demo.words import Notebook, captions_for

SEED = 20261124
_TOLD = {ATLAS.domain: STORIES, SAISS.domain: SAISS_STORIES}
_STORY = {story.key: story for told in _TOLD.values() for story in told}
WEEKS = 8


@dataclass(frozen=True)
class JoinEvent:
    """Somebody joins the programme."""

    at: datetime
    person: str


@dataclass(frozen=True)
class PauseEvent:
    """Somebody takes a pause from the programme."""

    at: datetime
    person: str


@dataclass(frozen=True)
class ShareEvent:
    """Somebody shares a story. `text` holds neither the disclosure line nor the link: sharing adds them."""

    at: datetime
    key: str
    person: str
    story: str
    channel: str
    language: Language
    text: str
    caption: Caption | None


@dataclass(frozen=True)
class TakeBackEvent:
    """Somebody says that a share was not posted after all."""

    at: datetime
    share: str


@dataclass(frozen=True)
class ClickEvent:
    """A request on the tracked link of a share. `purpose` is the Sec-Purpose header."""

    at: datetime
    share: str
    address: str
    user_agent: str
    accept_language: str = ""
    referrer: str = ""
    method: str = "GET"
    purpose: str = ""


class Posted(Protocol):
    """What is on a network with a link of its own, whoever speaks."""

    @property
    def at(self) -> datetime: ...
    @property
    def key(self) -> str: ...
    @property
    def channel(self) -> str: ...


Event = JoinEvent | PauseEvent | ShareEvent | TakeBackEvent | ClickEvent

_CHANNELS: dict[str, dict[str, float]] = {
    "MA": {"linkedin": 38, "whatsapp": 30, "facebook": 16, "x": 6, "telegram": 4, "email": 6},
    "FR": {"linkedin": 52, "whatsapp": 12, "facebook": 10, "x": 8, "mastodon": 6, "bluesky": 7, "email": 5},
}
_CLICKS = {
    "linkedin": 34,
    "facebook": 25,
    "x": 16,
    "whatsapp": 13,
    "telegram": 9,
    "mastodon": 10,
    "bluesky": 11,
    "email": 5,
}
# How likely an hour of the day is for a share, from 08:00 to 18:00 local.
_HOURS = (9, 14, 11, 8, 9, 10, 7, 8, 9, 8, 7)


# What the visitor who signs in as Ana finds still to share.
_LEFT_TO_SHARE = {ANA.email: {"laiterie-berrechid", "cinq-questions-facture", "atelier-settat"}}


def life(now: datetime, *, organisation: Organisation = ATLAS, seed: int = SEED) -> tuple[Event, ...]:
    """All that happened in the eight weeks before `now` (aware), in the order of time; the same for the same seed."""
    rng = Random(seed)  # noqa: S311 - a story to tell, nothing to guard
    events: list[Event] = list(_joining(organisation, now))
    shares = _shares(rng, organisation, now)
    contacts = {person.email: _contacts(rng, person) for person in organisation.people}
    events += shares
    for share in shares:
        events += _after(rng, share, organisation.person(share.person), contacts[share.person], now)
    return tuple(sorted((event for event in events if event.at < now), key=lambda event: event.at))


def story_published_at(story: Story, now: datetime) -> datetime:
    """When a story of the demo came out: at 09:00 in Casablanca on its day."""
    return _local(now, story.published_days_ago, 9, ATLAS.time_zone)


def story_expires_at(story: Story, now: datetime) -> datetime:
    """When a story of the demo stops being proposed."""
    return story_published_at(story, now) + timedelta(days=story.lasts_days)


def may_see(person: Person, story: Story) -> bool:
    """Whether the story's audience includes that person, and somebody may share it at all."""
    if story.internal_only or story.state != "published":
        return False
    audience = next((one for one in line.AUDIENCES if one.key == story.audience), None)
    return audience is None or (
        (not audience.teams or person.team in audience.teams)
        and (not audience.countries or person.country in audience.countries)
        and (not audience.languages or person.language in audience.languages)
        and (not audience.roles or bool(set(person.roles) & set(audience.roles)))
    )


def _joining(organisation: Organisation, now: datetime) -> Iterator[Event]:
    for person in organisation.people:
        if person.joined_days_ago is None:
            continue
        yield JoinEvent(_local(now, person.joined_days_ago, 8, person.time_zone), person.email)
        if person.paused:
            yield PauseEvent(_local(now, 6, 18, person.time_zone), person.email)


def _shares(rng: Random, organisation: Organisation, now: datetime) -> list[ShareEvent]:
    notebook, done = Notebook(), set[tuple[str, str, str]]()
    # A few share a lot, most share now and then, some joined and watch.
    keenness = {
        person.email: min(0.62, 0.2 * rng.lognormvariate(-0.25, 0.8)) for person in organisation.people
    }
    shares: list[ShareEvent] = []
    for days_ago in range(7 * WEEKS, -1, -1):
        for person in organisation.people:
            if _takes_part(person, days_ago) and rng.random() < _mood(keenness[person.email], days_ago, now):
                shares += _a_day(rng, person, days_ago, now, notebook, done, len(shares))
    return shares


def _takes_part(person: Person, days_ago: int) -> bool:
    joined = person.joined_days_ago
    return joined is not None and days_ago < joined and not (person.paused and days_ago <= 6)


def _mood(keenness: float, days_ago: int, now: datetime) -> float:
    weekday = (now - timedelta(days=days_ago)).weekday()
    return keenness * (0.12 if weekday >= 5 else 1.25 if weekday in {1, 3} else 1)


def _a_day(
    rng: Random,
    person: Person,
    days_ago: int,
    now: datetime,
    notebook: Notebook,
    done: set[tuple[str, str, str]],
    count: int,
) -> list[ShareEvent]:
    """One share, sometimes a second of the same story on another network an hour later: never two on one."""
    at = _moment(rng, person, days_ago, now)
    story = _story(rng, person, at, now, done)
    if story is None:
        return []
    shares: list[ShareEvent] = []
    for channel in _channels(rng, person, 2 if rng.random() < 0.12 else 1):
        language = _language(rng, person, story)
        if (person.email, story.key, channel) in done or not captions_for(story, language, channel):
            continue
        text, caption = notebook.write(rng, story, language, channel)
        if not text:
            continue
        done.add((person.email, story.key, channel))
        moment = at + timedelta(minutes=70 * len(shares))
        key = f"share-{count + len(shares) + 1:04}"
        shares.append(ShareEvent(moment, key, person.email, story.key, channel, language, text, caption))
    return [share for share in shares if share.at < now]


def _moment(rng: Random, person: Person, days_ago: int, now: datetime) -> datetime:
    hour = rng.choices(range(8, 19), _HOURS)[0]
    minutes = timedelta(minutes=rng.randrange(60), seconds=rng.randrange(60))
    return _local(now, days_ago, hour, person.time_zone) + minutes


def _story(
    rng: Random, person: Person, at: datetime, now: datetime, done: set[tuple[str, str, str]]
) -> Story | None:
    weighted = [(story, _weight(person, story, at, now, done)) for story in _told_to(person)]
    if not any(weight for _story, weight in weighted):
        return None
    return rng.choices([story for story, _weight in weighted], [weight for _story, weight in weighted])[0]


def _told_to(person: Person) -> Iterator[Story]:
    told = _TOLD.get(person.email.rpartition("@")[2], ())
    return (story for story in told if may_see(person, story))


def _weight(
    person: Person, story: Story, at: datetime, now: datetime, done: set[tuple[str, str, str]]
) -> float:
    published = story_published_at(story, now)
    if not published < at < story_expires_at(story, now):
        return 0
    if story.key in _LEFT_TO_SHARE.get(person.email, ()):
        return 0
    age = (at - published) / timedelta(days=1)
    again = sum(1 for email, key, _channel in done if (email, key) == (person.email, story.key))
    return (
        math.pow(0.4, again)
        * (0.12 + math.exp(-age / 7))
        * (1.6 if story.featured else 1)
        * (1 if story.link else 0.35)
        * (1.8 if person.language in story.languages else 1)
    )


def _channels(rng: Random, person: Person, count: int) -> list[str]:
    weights = _CHANNELS[person.country]
    picked: list[str] = []
    for _turn in range(count):
        left = {channel: weight for channel, weight in weights.items() if channel not in picked}
        picked += rng.choices(list(left), list(left.values()))
    return picked


def _language(rng: Random, person: Person, story: Story) -> Language:
    other: Language = "ar" if person.country == "MA" else "en"
    if person.language == "fr" and other in story.languages and rng.random() < 0.18:
        return other
    if person.language in story.languages:
        return person.language
    return "fr"


def _contacts(rng: Random, person: Person) -> list[Visitor]:
    """The people who follow somebody, the faithful first."""
    return [new_visitor(rng, person.country) for _one in range(round(110 * rng.lognormvariate(0, 0.45)))]


def _after(
    rng: Random, share: ShareEvent, person: Person, contacts: list[Visitor], now: datetime
) -> Iterator[Event]:
    if share.channel != "email" and rng.random() < 0.03:
        yield TakeBackEvent(share.at + timedelta(minutes=4), share.key)
        return
    story = _STORY[share.story]
    if not story.link:
        return
    yield from robots(rng, share)
    yield from _people(rng, share, person, contacts)


def robots(rng: Random, share: Posted) -> Iterator[ClickEvent]:
    """What comes to a link that is no person: previews at once, crawlers later, now and then a script."""
    for agent in PREVIEWS[share.channel]:
        for _visit in range(rng.choice((1, 1, 2))):
            yield _robot_click(rng, share, agent, timedelta(seconds=rng.uniform(1, 40)))
    for _visit in range(rng.choice((0, 1, 1, 2, 3))):
        agent = rng.choice(ROBOTS)
        method = "HEAD" if rng.random() < 0.3 else "GET"
        yield _robot_click(rng, share, agent, timedelta(hours=rng.expovariate(1 / 20)), method)
    if rng.random() < 0.015:
        yield from _burst(rng, share)


def _robot_click(rng: Random, share: Posted, agent: str, after: timedelta, method: str = "GET") -> ClickEvent:
    address = f"198.51.100.{rng.randrange(1, 255)}"
    return ClickEvent(share.at + after, share.key, address, agent, method=method)


def _burst(rng: Random, share: Posted) -> Iterator[ClickEvent]:
    """A script that wears a browser's name and clicks forty times in a minute."""
    mask = new_visitor(rng, "FR")
    start = share.at + timedelta(hours=rng.uniform(2, 9))
    for turn in range(40):
        moment = start + timedelta(seconds=turn * 1.4)
        yield ClickEvent(moment, share.key, "203.0.113.77", mask.user_agent, mask.accept_language)


def _people(rng: Random, share: ShareEvent, person: Person, contacts: list[Visitor]) -> Iterator[ClickEvent]:
    expected = _CLICKS[share.channel] * (1.25 if share.caption is None else 1)
    size = min(240, round(expected * rng.lognormvariate(-0.25, 0.7)))
    bounds = list(accumulate(1 / (rank + 12) for rank in range(len(contacts))))
    for _visit in range(size):
        faithful = rng.random() < 0.62
        visitor = (
            contacts[min(bisect_right(bounds, rng.random() * bounds[-1]), len(contacts) - 1)]
            if faithful
            else new_visitor(rng, person.country)
        )
        moment = awake(share.at + timedelta(hours=rng.lognormvariate(1.6, 1.3)), person.time_zone, rng)
        yield visit_of(rng, share, visitor, moment)
        if rng.random() < 0.05:
            yield visit_of(rng, share, visitor, moment + timedelta(seconds=rng.uniform(3, 900)))


def visit_of(rng: Random, share: Posted, visitor: Visitor, moment: datetime) -> ClickEvent:
    """That visitor opens the link at that moment; now and then it is their browser that fetches ahead."""
    return ClickEvent(
        at=moment,
        share=share.key,
        address=visitor.address,
        user_agent=visitor.user_agent,
        accept_language=visitor.accept_language,
        referrer=rng.choice(REFERRERS[share.channel]),
        purpose="prefetch" if rng.random() < 0.012 else "",
    )


def awake(moment: datetime, zone: str, rng: Random) -> datetime:
    """Most of those who would have clicked between one and six in the morning do it after breakfast."""
    if 1 <= moment.astimezone(ZoneInfo(zone)).hour < 6 and rng.random() < 0.9:
        return moment + timedelta(hours=6, minutes=rng.randrange(60))
    return moment


def _local(now: datetime, days_ago: int, hour: int, zone: str) -> datetime:
    day = now.astimezone(ZoneInfo(zone)).date() - timedelta(days=days_ago)
    return datetime.combine(day, time(hour), tzinfo=ZoneInfo(zone)).astimezone(UTC)
