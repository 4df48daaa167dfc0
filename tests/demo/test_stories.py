"""What the demo company says: whole, within limits, in its own line, in decent typography."""

import re
from collections import Counter
from importlib.resources import files

import pytest

from portevoix.demo import line, sources
from portevoix.demo.company import ANA, ATLAS
from portevoix.demo.newsroom.articles import all_articles, article_at
from portevoix.demo.stories import SAISS_STORIES, STORIES, SUGGESTIONS, Caption, Story
from portevoix.demo.words import CLOSINGS, OPENINGS
from portevoix.networks import registry
from portevoix.networks.contract import Draft

EVERY_STORY = (*STORIES, *SAISS_STORIES)
BANNED = re.compile(
    r"engage|engagez|engager|leverag|viral|\bIA\b|révolution|incontournable|booste|solution innovante|!",
    re.IGNORECASE,
)
LINK = "https://liens.atlas-energies.example/r/abcdefgh"
# French signs that ask for a no-break space before them, and must not have a plain one.
LOOSE_SIGN = re.compile(r" [:;?%»]|« ")


def _texts(story: Story) -> list[str]:
    return [caption.text for caption in story.captions] + [own.text for own in story.own_words]


def test_stories_are_twelve_in_the_states_the_demo_needs() -> None:
    assert Counter(story.state for story in STORIES) == {"published": 10, "in_review": 1, "refused": 1}
    assert len(STORIES) == 12
    assert sum(story.internal_only for story in STORIES) == 1
    assert sum(not story.link and not story.internal_only for story in STORIES) == 1
    assert 1 <= sum(story.featured for story in STORIES) <= 5


def test_refused_story_carries_the_note_its_author_reads() -> None:
    assert [bool(story.note) for story in STORIES] == [story.state == "refused" for story in STORIES]


def test_story_in_review_or_refused_comes_from_a_contributor() -> None:
    waiting = [story for story in STORIES if story.state != "published"]

    assert [ATLAS.person(story.author).roles for story in waiting] == [("contributor",), ("contributor",)]


def test_line_has_five_pillars_that_share_the_whole() -> None:
    assert len(line.PILLARS) == 5
    assert sum(pillar.target_share for pillar in line.PILLARS) == 100
    assert all(pillar.names.keys() == {"fr", "en", "ar"} for pillar in line.PILLARS)
    assert len(line.FORBIDDEN) == 6


@pytest.mark.parametrize("story", EVERY_STORY, ids=lambda story: story.key)
def test_story_speaks_french_within_fifteen_captions_on_a_known_pillar(story: Story) -> None:
    pillars = {pillar.key for pillar in (*line.PILLARS, *line.SAISS_PILLARS)}

    assert "fr" in story.languages
    assert sum(caption.language == "fr" for caption in story.captions) >= 2 or story.internal_only
    assert len(story.captions) <= 15
    assert story.pillar in pillars
    assert story.audience in {None, *(audience.key for audience in line.AUDIENCES)}


@pytest.mark.parametrize("story", EVERY_STORY, ids=lambda story: story.key)
def test_captions_fit_each_network_they_are_for_with_disclosure_and_link(story: Story) -> None:
    too_long = [
        (caption.angle, composer.network.key)
        for caption in story.captions
        for composer in registry.all_networks()
        if caption.network in {"", composer.network.key}
        for problem in composer.problems(_draft(caption))
        if problem.blocking
    ]

    assert too_long == []


def _draft(caption: Caption) -> Draft:
    return Draft(
        text=caption.text,
        url=LINK,
        language=caption.language,
        disclosure=line.DISCLOSURE[caption.language],
        instance="social.example",
    )


def test_captions_name_networks_that_exist() -> None:
    known = {"", *(composer.network.key for composer in registry.all_networks())}

    assert {caption.network for story in EVERY_STORY for caption in story.captions} - known == set()


def test_captions_leave_the_disclosure_to_the_product() -> None:
    lines = (*line.DISCLOSURE.values(), *line.SAISS_DISCLOSURE.values())

    assert [
        text for story in EVERY_STORY for text in _texts(story) if any(one in text for one in lines)
    ] == []


def test_texts_use_no_banned_word_and_no_forbidden_phrase() -> None:
    phrases = [phrase.phrase.casefold() for phrase in line.FORBIDDEN]
    texts = [text for story in EVERY_STORY for text in (*_texts(story), story.why, story.title, story.note)]
    texts += [
        text for article in all_articles() for text in (article.title, article.summary, *article.blocks)
    ]

    assert [text for text in texts if BANNED.search(text)] == []
    assert [text for text in texts if any(phrase in text.casefold() for phrase in phrases)] == []


def test_own_words_are_many_and_never_twice_the_same() -> None:
    own = [words.text for story in STORIES for words in story.own_words]

    assert len(own) >= 40
    assert len(set(own)) == len(own)


def test_french_keeps_its_signs_with_their_words() -> None:
    spoken = [*OPENINGS["fr"], *CLOSINGS["fr"]]
    spoken += [text for story in EVERY_STORY for text in (story.title, story.why, story.note)]
    spoken += [c.text for story in EVERY_STORY for c in story.captions if c.language == "fr"]
    spoken += [
        block for a in all_articles() if a.language == "fr" for block in (a.title, a.summary, *a.blocks)
    ]

    assert [text for text in spoken if LOOSE_SIGN.search(text) or "'" in text] == []


def test_arabic_uses_western_digits() -> None:
    pages = [page.read_text("utf-8") for page in (files("portevoix.demo") / "texts" / "stories").iterdir()]
    pages += [text for article in all_articles() for text in article.blocks]

    assert [page for page in pages if re.search("[٠-٩]", page)] == []


def test_links_of_stories_and_suggestions_lead_to_the_newsroom() -> None:
    links = [story.link for story in EVERY_STORY if story.link] + [one.link for one in SUGGESTIONS]

    assert [link for link in links if article_at(link) is None] == []


def test_titles_are_those_of_the_articles_they_lead_to() -> None:
    told = [(story.title, article_at(story.link)) for story in EVERY_STORY if story.link]

    assert [title for title, article in told if article and article.title != title] == []


def test_story_comes_out_after_its_article() -> None:
    assert [
        story.key
        for story in EVERY_STORY
        if (article := article_at(story.link)) and article.days_ago < story.published_days_ago
    ] == []


def test_suggestions_come_from_ambassadors() -> None:
    assert [("ambassador" in ATLAS.person(one.by).roles) for one in SUGGESTIONS] == [True, True]
    assert SUGGESTIONS[0].by == ANA.email


def test_sources_are_three() -> None:
    assert len(sources.SOURCES) == 3
    assert {source.pillar for source in sources.SOURCES} <= {pillar.key for pillar in line.PILLARS}
