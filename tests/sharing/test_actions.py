"""Sharing a story: whose words, on which link, within which limits."""

from datetime import datetime, timedelta

import pytest

from cast import Cast
from make_library import make_published_story
from make_sharing import OWN_TEXT, make_share
from portevoix.core.errors import Refusal
from portevoix.editorial.actions.disclosure import set_disclosure_line
from portevoix.library.models import Story
from portevoix.library.queries import get_live_story_for
from portevoix.links.models import Link
from portevoix.links.queries import address_of
from portevoix.people.actions.audiences import create_audience
from portevoix.people.actions.participation import pause_programme
from portevoix.people.models import TrailEntry
from portevoix.sharing import queries, tokens
from portevoix.sharing.actions.shares import restore_share, save_draft, share_story, take_back_share
from portevoix.sharing.models import Share, ShareDraft, ShareState

LINK = "https://gazette.example/laiterie"
CAPTION = (
    "À Berrechid, une laiterie produit le tiers de son électricité sur son toit, et le directeur en parle."
)


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    for language, line in (("fr", "Je travaille chez Atlas."), ("ar", "أعمل في أطلس.")):
        set_disclosure_line(organisation=cast.atlas, person=cast.ines, language=language, text=line, now=now)
    story = make_published_story(cast.ines, now=now, link=LINK, captions={"fr": CAPTION})
    return get_live_story_for(cast.ana, story.code, now)


def refusal_of(person: object, story: Story, now: datetime, **facts: object) -> tuple[str, str]:
    with pytest.raises(Refusal) as refused:
        make_share(person, story, now=now, **facts)  # type: ignore[arg-type]
    return refused.value.code, refused.value.field


def test_share_carries_disclosure_words_and_own_link(cast: Cast, story: Story, now: datetime) -> None:
    share = make_share(cast.ana, story, now=now)

    assert share.text == f"Je travaille chez Atlas.\n{OWN_TEXT}\n\n{address_of(share.link.code)}"
    assert (share.link.destination, share.link.fallback) == (LINK, "https://atlas.example/")
    assert (share.link.expires_at, share.own_words, share.language) == (story.expires_at, 1.0, "fr")
    assert TrailEntry.objects.filter(act="share_story", subject=share.code).count() == 1


def test_disclosure_is_not_said_twice_nor_left_out(cast: Cast, story: Story, now: datetime) -> None:
    said = make_share(cast.ana, story, now=now, text=f"{OWN_TEXT}\nje travaille chez atlas")

    assert said.text.startswith(f"Je travaille chez Atlas.\n{OWN_TEXT}\n\nhttp")


def test_disclosure_speaks_the_language_of_the_text(cast: Cast, story: Story, now: datetime) -> None:
    share = make_share(cast.ana, story, now=now, text="زرت أمس مصنعًا يعمل بالشمس.", language="fr")

    assert (share.language, share.text.splitlines()[0]) == ("ar", "أعمل في أطلس.")


def test_every_share_has_a_link_of_its_own(cast: Cast, story: Story, now: datetime) -> None:
    shares = [
        make_share(cast.ana, story, now=now),
        make_share(cast.ana, story, now=now, channel="whatsapp"),
        make_share(cast.noor, story, now=now, text="Une autre histoire, racontée autrement."),
    ]

    assert len({share.link.code for share in shares}) == 3


def test_sheet_shows_the_link_that_the_share_will_carry(cast: Cast, story: Story, now: datetime) -> None:
    token = tokens.new_token(cast.ana, story)
    promised = tokens.link_code(tokens.seed_of(token, cast.ana, story), "linkedin")

    share = make_share(cast.ana, story, now=now, token=token)

    assert share.link.code == promised


def test_second_tap_is_the_same_share(cast: Cast, story: Story, now: datetime) -> None:
    token = tokens.new_token(cast.ana, story)

    first = make_share(cast.ana, story, now=now, token=token)
    second = make_share(
        cast.ana, story, now=now + timedelta(seconds=1), token=token, text="Dit autrement, à vous."
    )

    assert (second.pk, Share.objects.count(), Link.objects.count()) == (first.pk, 1, 1)
    assert "Dit autrement, à vous." in Share.objects.get().text


def test_token_of_another_person_or_tampered_is_refused(cast: Cast, story: Story, now: datetime) -> None:
    of_noor = tokens.new_token(cast.noor, story)

    assert refusal_of(cast.ana, story, now, token=of_noor) == ("sheet_too_old", "")
    assert refusal_of(cast.noor, story, now, token=of_noor[:-2] + "zz") == ("sheet_too_old", "")


def test_third_share_of_the_day_on_one_account_is_refused(cast: Cast, story: Story, now: datetime) -> None:
    for hour in (0, 1):
        make_share(cast.ana, story, now=now + timedelta(hours=hour))

    refused = refusal_of(cast.ana, story, now + timedelta(hours=2))
    elsewhere = make_share(cast.ana, story, now=now + timedelta(hours=2), channel="telegram")
    tomorrow = make_share(cast.ana, story, now=now + timedelta(days=1))

    assert refused == ("shares_spent", "channel")
    assert {elsewhere.state, tomorrow.state} == {ShareState.DECLARED}


def test_limit_follows_the_persons_own_midnight(cast: Cast, story: Story, now: datetime) -> None:
    cast.ana.time_zone = "Pacific/Auckland"
    evening_there = now.replace(hour=10)  # 23:00 in Auckland
    for minute in (0, 1):
        make_share(cast.ana, story, now=evening_there + timedelta(minutes=minute))

    assert queries.shares_left(cast.ana, "linkedin", evening_there + timedelta(minutes=59)) == 0
    assert queries.shares_left(cast.ana, "linkedin", evening_there + timedelta(minutes=61)) == 2


def test_copies_are_not_counted_against_an_account(cast: Cast, story: Story, now: datetime) -> None:
    shares = [make_share(cast.ana, story, now=now, channel="copy") for _ in range(3)]

    assert len({share.pk for share in shares}) == 3


def test_text_too_long_for_the_network_is_refused_beside_it(cast: Cast, story: Story, now: datetime) -> None:
    long_text = " ".join(f"mot{place}" for place in range(60))

    assert refusal_of(cast.ana, story, now, channel="x", text=long_text) == ("too_long", "text")
    assert refusal_of(cast.ana, story, now, text="a" * 100_000) == ("text_too_long", "text")
    assert make_share(cast.ana, story, now=now, text=long_text).channel == "linkedin"


def test_look_alike_is_refused_on_x_and_nowhere_else(cast: Cast, story: Story, now: datetime) -> None:
    make_share(cast.noor, story, now=now, text=CAPTION)

    assert refusal_of(cast.ana, story, now, channel="x", text=CAPTION + " Bravo") == ("too_close", "text")
    assert make_share(cast.ana, story, now=now, text=CAPTION).own_words == 0
    assert make_share(cast.ana, story, now=now, channel="x").channel == "x"


def test_internal_story_is_read_only(cast: Cast, story: Story, now: datetime) -> None:
    story.is_internal = True

    assert refusal_of(cast.ana, story, now)[0] == "internal_story"


def test_story_that_is_over_or_not_for_the_person_is_refused(cast: Cast, story: Story, now: datetime) -> None:
    audience = create_audience(
        organisation=cast.atlas, name="Arabe", rule={"languages": ["ar"]}, by=cast.ines, now=now
    )

    late = refusal_of(cast.ana, story, now + timedelta(days=15))
    story.audience = audience
    elsewhere = refusal_of(cast.ana, story, now)

    assert {late[0], elsewhere[0]} == {"story_over"}


def test_who_takes_no_part_shares_nothing(cast: Cast, story: Story, now: datetime) -> None:
    pause_programme(person=cast.ana, now=now)

    assert refusal_of(cast.ana, story, now)[0] == "takes_no_part"
    assert refusal_of(cast.ines, story, now)[0] == "takes_no_part"
    assert Share.objects.count() == 0


def test_unknown_channel_and_server_are_refused(cast: Cast, story: Story, now: datetime) -> None:
    assert refusal_of(cast.ana, story, now, channel="fax") == ("unknown_channel", "channel")
    assert refusal_of(cast.ana, story, now, channel="mastodon", instance="127.0.0.1") == (
        "bad_instance",
        "instance",
    )


def test_sheet_remembers_the_last_channel_and_server(cast: Cast, story: Story, now: datetime) -> None:
    make_share(cast.ana, story, now=now, channel="mastodon", instance="@ana@Social.example")
    make_share(cast.ana, story, now=now, channel="telegram")

    habit = queries.habit_of(cast.ana)

    assert (habit.channel, habit.mastodon_instance) == ("telegram", "social.example")


def test_share_can_be_taken_back_and_restored(cast: Cast, story: Story, now: datetime) -> None:
    share = make_share(cast.ana, story, now=now)

    taken_back = take_back_share(share=share, now=now + timedelta(minutes=1))
    left = queries.shares_left(cast.ana, "linkedin", now)
    restored = restore_share(share=share, now=now + timedelta(minutes=2))

    assert (taken_back.state, taken_back.taken_back_at) == (ShareState.TAKEN_BACK, now + timedelta(minutes=1))
    assert left == 2
    assert (restored.state, restored.taken_back_at) == (ShareState.DECLARED, None)


def test_sheet_of_a_taken_back_share_asks_for_a_new_one(cast: Cast, story: Story, now: datetime) -> None:
    token = tokens.new_token(cast.ana, story)
    take_back_share(share=make_share(cast.ana, story, now=now, token=token), now=now)

    assert refusal_of(cast.ana, story, now, token=token)[0] == "sheet_used"


def test_draft_is_kept_until_shared(cast: Cast, story: Story, now: datetime) -> None:
    save_draft(person=cast.ana, story=story, text="Un début", now=now)
    save_draft(person=cast.ana, story=story, text="Un début de texte", now=now)
    kept = queries.draft_of(cast.ana, story).text

    share_story(person=cast.ana, story=story, channel="linkedin", text=OWN_TEXT, now=now)

    assert (kept, ShareDraft.objects.count()) == ("Un début de texte", 0)


def test_proposal_as_it_stands_is_no_draft(cast: Cast, story: Story, now: datetime) -> None:
    save_draft(person=cast.ana, story=story, text=CAPTION, now=now)

    assert ShareDraft.objects.count() == 0
