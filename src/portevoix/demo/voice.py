"""What the demo company says on its own LinkedIn page: its own news, once each, the morning after they came out.

A page has more followers than a colleague has contacts, and each of them is less curious: that is what the comparison
with people's shares is there to show. Pure, told from a seed, as `traffic` is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from portevoix.demo import traffic
from portevoix.demo.company import ATLAS, Organisation
from portevoix.demo.stories import STORIES, Story
from portevoix.demo.traffic import ClickEvent
from portevoix.demo.visitors import Visitor, new_visitor
from portevoix.demo.words import captions_for

SEED = traffic.SEED + 1
CHANNEL = "linkedin"
FOLLOWERS = 640
TYPICAL_VISITS = 44


@dataclass(frozen=True)
class CompanyEvent:
    """The company posts a story on its page. `text` holds no link: sharing adds it."""

    at: datetime
    key: str
    story: str
    text: str
    channel: str = CHANNEL


def says(
    now: datetime, *, organisation: Organisation = ATLAS, seed: int = SEED
) -> tuple[CompanyEvent | ClickEvent, ...]:
    """The company's posts and their visits before `now` (aware), in the order of time; the same for the same seed."""
    if organisation is not ATLAS:
        return ()
    rng = Random(seed)  # noqa: S311 - a story to tell, nothing to guard
    followers = [new_visitor(rng, rng.choice(("MA", "MA", "FR"))) for _one in range(FOLLOWERS)]
    events: list[CompanyEvent | ClickEvent] = []
    for story in filter(_is_news, STORIES):
        post = _post(rng, story, now)
        events += [post, *_visits(rng, post, followers)]
    return tuple(sorted((event for event in events if event.at < now), key=lambda event: event.at))


def _is_news(story: Story) -> bool:
    """Whether it is the company's own, open to all, and told in its language."""
    is_own = story.link.startswith(ATLAS.website)
    return is_own and story.state == "published" and bool(captions_for(story, ATLAS.language, CHANNEL))


def _post(rng: Random, story: Story, now: datetime) -> CompanyEvent:
    # Stories come out at nine: the page speaks the next morning, once colleagues have begun.
    at = traffic.story_published_at(story, now) + timedelta(days=1, minutes=rng.randrange(30, 120))
    caption = captions_for(story, ATLAS.language, CHANNEL)[0]
    return CompanyEvent(at, f"company-{story.key}", story.key, caption.text)


def _visits(rng: Random, post: CompanyEvent, followers: list[Visitor]) -> Iterator[ClickEvent]:
    yield from traffic.robots(rng, post)
    for _visit in range(round(TYPICAL_VISITS * rng.lognormvariate(0, 0.35))):
        moment = post.at + timedelta(hours=rng.lognormvariate(1.8, 1.2))
        awake = traffic.awake(moment, ATLAS.time_zone, rng)
        yield traffic.visit_of(rng, post, rng.choice(followers), awake)
