"""The company's own posts: made by an editor, on links of their own, and nobody's share wherever shares are counted."""

from datetime import datetime, timedelta

import pytest

from cast import Cast
from make_library import make_published_story
from make_sharing import OWN_TEXT, make_share
from portevoix.analytics.health import health
from portevoix.core.errors import NotFound, Refusal
from portevoix.editorial.actions.disclosure import set_disclosure_line
from portevoix.library.actions.publishing import archive_story
from portevoix.library.models import Story
from portevoix.library.queries import get_live_story_for
from portevoix.links.models import Link
from portevoix.links.queries import address_of
from portevoix.people.models import Person, TrailEntry
from portevoix.sharing import company, privacy, queries, tokens
from portevoix.sharing.actions.company import restore_company_post, share_for_company, take_back_company_post
from portevoix.sharing.actions.shares import share_story
from portevoix.sharing.models import Share, SharingHabit
from portevoix.sharing.states import ShareState

LINK = "https://gazette.example/laiterie"
CAPTION = "À Berrechid, une laiterie produit le tiers de son électricité sur son toit."
COMPANY_TEXT = "Une laiterie de Berrechid produit désormais le tiers de son électricité."


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    set_disclosure_line(
        organisation=cast.atlas, person=cast.ines, language="fr", text="Je travaille chez Atlas.", now=now
    )
    story = make_published_story(cast.ines, now=now, link=LINK, captions={"fr": CAPTION, "ar": "سطح من شمس."})
    return get_live_story_for(cast.ana, story.code, now)


def post(
    story: Story,
    person: Person,
    now: datetime,
    *,
    channel: str = "linkedin",
    text: str = COMPANY_TEXT,
    token: str = "",
) -> Share:
    return share_for_company(person=person, story=story, channel=channel, text=text, now=now, token=token)


def refusal_of(story: Story, person: Person, now: datetime, **facts: str) -> tuple[str, str]:
    with pytest.raises(Refusal) as refused:
        post(story, person, now, **facts)
    return refused.value.code, refused.value.field


def test_company_speaks_for_itself_on_a_link_of_its_own(cast: Cast, story: Story, now: datetime) -> None:
    share = post(story, cast.ines, now)

    assert share.text == f"{COMPANY_TEXT}\n\n{address_of(share.link.code)}"
    assert (share.is_company, share.state, share.language) == (True, ShareState.DECLARED, "fr")
    assert (share.link.destination, share.link.expires_at) == (LINK, story.expires_at)
    assert (share.team, share.country, share.zone) == (None, "FR", "Europe/Paris")
    assert TrailEntry.objects.get(act="share_for_company").person == cast.ines


def test_editor_needs_not_take_part_and_has_no_measure_by_the_day(
    cast: Cast, story: Story, now: datetime
) -> None:
    shares = [post(story, cast.ines, now) for _time in range(4)]

    assert cast.ines.takes_part is False
    assert len({share.link.code for share in shares}) == 4


def test_second_tap_is_the_same_post_in_the_last_words(cast: Cast, story: Story, now: datetime) -> None:
    token = tokens.new_token(cast.ines, story)

    first = post(story, cast.ines, now, token=token)
    second = post(story, cast.ines, now, token=token, text="Dit autrement.")
    elsewhere = post(story, cast.ines, now, token=token, channel="x")

    assert (second.pk, Link.objects.count()) == (first.pk, 2)
    assert second.text.startswith("Dit autrement.")
    assert elsewhere.link.code != first.link.code


def test_page_shows_the_link_that_the_post_will_carry(cast: Cast, story: Story, now: datetime) -> None:
    writing = company.begin_post(person=cast.ines, story=story, network="linkedin")

    made = post(story, cast.ines, now, token=writing.token)

    assert address_of(made.link.code) == writing.link


def test_sheet_of_a_person_never_opens_the_companys_link(cast: Cast, story: Story, now: datetime) -> None:
    token = tokens.new_token(cast.ana, story)
    of_company = post(story, cast.ana, now, token=token)

    own = share_story(person=cast.ana, story=story, channel="linkedin", text=OWN_TEXT, now=now, token=token)

    assert own.pk != of_company.pk
    assert own.text.startswith("Je travaille chez Atlas.")


def test_company_posts_only_what_is_out(cast: Cast, story: Story, now: datetime) -> None:
    internal = make_published_story(cast.ines, now=now, title="Entre nous", is_internal=True)
    over = now + timedelta(days=60)

    assert refusal_of(internal, cast.ines, now)[0] == "internal_story"
    assert refusal_of(story, cast.ines, over)[0] == "story_over"
    assert refusal_of(story, cast.ines, now, text=" ") == ("nothing_to_say", "text")
    assert refusal_of(story, cast.ines, now, channel="x", text="mot " * 90) == ("too_long", "text")
    assert refusal_of(story, cast.ines, now, channel="fax") == ("unknown_channel", "channel")


def test_any_editor_takes_it_back_and_puts_it_back(cast: Cast, story: Story, now: datetime) -> None:
    share = post(story, cast.ines, now)

    taken = take_back_company_post(share=share, person=cast.marc, now=now)
    left = restore_company_post(share=share, person=cast.marc, now=now)

    assert (taken.state, taken.taken_back_at) == (ShareState.TAKEN_BACK, now)
    assert (left.state, left.taken_back_at) == (ShareState.DECLARED, None)
    assert TrailEntry.objects.get(act="take_back_company_post").person == cast.marc


def test_page_of_a_post_taken_back_asks_for_a_new_one(cast: Cast, story: Story, now: datetime) -> None:
    token = tokens.new_token(cast.ines, story)
    take_back_company_post(share=post(story, cast.ines, now, token=token), person=cast.ines, now=now)

    assert refusal_of(story, cast.ines, now, token=token)[0] == "sheet_used"


def test_links_of_the_company_follow_their_story_too(
    cast: Cast, story: Story, now: datetime, django_capture_on_commit_callbacks: object
) -> None:
    share = post(story, cast.ines, now)

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        archive_story(story=story, person=cast.ines, now=now)

    share.link.refresh_from_db()
    assert share.link.withdrawn_at is not None


def test_begins_with_the_caption_in_the_organisations_language(cast: Cast, story: Story) -> None:
    def text(language: str) -> str:
        story.organisation.language = language
        return company.begin_post(person=cast.ines, story=story, network="linkedin").text

    assert (text("fr"), text("ar"), text("en")) == (CAPTION, "سطح من شمس.", "سطح من شمس.")


def test_another_network_brings_its_caption_and_leaves_what_was_typed(cast: Cast, now: datetime) -> None:
    story = make_published_story(cast.ines, now=now, captions={"fr": CAPTION})
    begun = {"person": cast.ines, "story": story, "network": "x"}

    assert company.begin_post(**begun, text=CAPTION).text == CAPTION
    assert company.begin_post(**begun, text=COMPANY_TEXT).text == COMPANY_TEXT


def test_mail_is_no_page_of_a_company() -> None:
    there = {one.key for one in company.page_networks()}

    assert {"linkedin", "facebook", "x"} <= there
    assert there.isdisjoint({"email", "copy", "qr", "device"})


def test_only_those_who_publish_open_it(cast: Cast, story: Story, now: datetime) -> None:
    share, own = post(story, cast.ines, now), make_share(cast.ana, story, now=now)

    assert queries.get_company_post_for(cast.marc, share.code) == share
    for person, code in ((cast.chloe, share.code), (cast.ana, share.code), (cast.ines, own.code)):
        with pytest.raises(NotFound):
            queries.get_company_post_for(person, code)


# --- nobody's share ------------------------------------------------------------------------------------------------
@pytest.fixture
def of_company(cast: Cast, story: Story, now: datetime) -> Share:
    """A post that Ana, who shares too, made for the company, from a caption."""
    share = post(story, cast.ana, now, text=CAPTION)
    share.caption = story.captions.first()
    share.save()
    return share


def test_voices_are_told_apart(cast: Cast, story: Story, now: datetime, of_company: Share) -> None:
    own = make_share(cast.ana, story, now=now)

    assert (list(Share.objects.of_people()), list(Share.objects.of_company())) == ([own], [of_company])


def test_it_is_not_among_the_persons_shares(cast: Cast, of_company: Share) -> None:
    assert list(queries.shares_of(cast.ana)) == []
    with pytest.raises(NotFound):
        queries.get_share_for(cast.ana, of_company.code)


def test_it_takes_nothing_of_the_persons_day(
    cast: Cast, story: Story, now: datetime, of_company: Share
) -> None:
    post(story, cast.ana, now)

    assert queries.shares_on_day(cast.ana, "linkedin", now) == 0
    assert queries.spent_channels(cast.ana, now) == frozenset()


def test_it_is_no_colleagues_text(cast: Cast, story: Story, of_company: Share) -> None:
    assert queries.texts_of_others(cast.noor, story) == []


def test_it_wears_no_caption_out(story: Story, of_company: Share) -> None:
    assert queries.times_used(story) == {}


def test_card_does_not_say_that_the_person_shared_it(cast: Cast, of_company: Share) -> None:
    assert queries.places_by_story(cast.ana) == {}


def test_first_person_to_speak_is_first(cast: Cast, story: Story, now: datetime, of_company: Share) -> None:
    assert queries.sharer_place(make_share(cast.noor, story, now=now)) == 1


def test_sheet_remembers_nothing_of_it(of_company: Share) -> None:
    assert SharingHabit.objects.count() == 0


def test_programme_does_not_begin_with_it(cast: Cast, story: Story, now: datetime, of_company: Share) -> None:
    before = health("fr", now=now).beginnings.was_shared
    make_share(cast.noor, story, now=now)

    assert (before, health("fr", now=now).beginnings.was_shared) == (False, True)


def test_maker_is_handed_it_as_the_companys(
    cast: Cast, story: Story, now: datetime, of_company: Share
) -> None:
    make_share(cast.ana, story, now=now)

    held = privacy.export_person(cast.ana)["shares"]

    assert sorted(share["for_company"] for share in held) == [False, True]
