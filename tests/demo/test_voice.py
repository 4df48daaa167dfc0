"""What the demo company says on its own page: its own news, lawfully, with visits that compare with people's."""

from datetime import UTC, datetime
from statistics import median

from portevoix.demo import traffic, voice
from portevoix.demo.company import ATLAS, SAISS
from portevoix.demo.stories import STORIES

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
BY_KEY = {story.key: story for story in STORIES}


def posts() -> list[voice.CompanyEvent]:
    return [event for event in voice.says(NOW) if isinstance(event, voice.CompanyEvent)]


def test_page_says_the_same_for_the_same_seed() -> None:
    assert voice.says(NOW) == voice.says(NOW)
    assert voice.says(NOW) != voice.says(NOW, seed=1)


def test_page_posts_its_own_news_while_people_may_share_it() -> None:
    assert 4 <= len(posts()) <= len(STORIES)
    for post in posts():
        story = BY_KEY[post.story]
        assert story.link.startswith(ATLAS.website)
        assert not story.internal_only
        assert traffic.story_published_at(story, NOW) < post.at < traffic.story_expires_at(story, NOW)


def test_visits_come_after_their_post_and_stop_before_now() -> None:
    posted_at = {post.key: post.at for post in posts()}
    visits = [event for event in voice.says(NOW) if isinstance(event, traffic.ClickEvent)]

    assert {visit.share for visit in visits} == set(posted_at)
    assert all(posted_at[visit.share] < visit.at < NOW for visit in visits)


def test_a_post_of_the_page_brings_more_than_one_of_a_person_and_less_than_theirs_together() -> None:
    visits = [event for event in voice.says(NOW) if isinstance(event, traffic.ClickEvent)]
    people = [event for event in traffic.life(NOW) if isinstance(event, traffic.ClickEvent)]
    by_post = [sum(visit.share == post.key for visit in visits) for post in posts()]
    by_share = [sum(visit.share == key for visit in people) for key in {visit.share for visit in people}]

    assert median(by_share) < median(by_post)
    assert 3 * len(visits) < len(people)


def test_only_the_large_company_has_a_page() -> None:
    assert voice.says(NOW, organisation=SAISS) == ()
