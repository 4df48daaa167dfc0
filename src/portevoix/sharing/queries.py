"""Reads about shares. Objects reach a page only through a `get_…_for`."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import QuerySet

from portevoix.core.errors import NotFound
from portevoix.editorial.queries import disclosure_lines
from portevoix.library.models import Story
from portevoix.people.models import Person
from portevoix.people.roles import Ability
from portevoix.sharing.disclosure import rewarded_lines
from portevoix.sharing.hours import Place, Slot, default_slots
from portevoix.sharing.models import (
    ConnectedAccount,
    Post,
    PostingHour,
    Share,
    ShareDraft,
    SharingHabit,
    SignInAttempt,
)
from portevoix.sharing.rules import day_bounds, shares_allowed
from portevoix.sharing.states import COUNTED, STANDING, UNSETTLED, PostState, asks_person

TEXTS_COMPARED = 500


def get_share_for(person: Person, code: str) -> Share:
    """A share of this very person: nobody else opens it."""
    related = ("link", "story", "organisation", "post__account")
    rows = Share.objects.of_people().select_related(*related).filter(person=person, code=code)
    found: Share | None = rows.first()
    if found is None:
        raise NotFound("share")
    return found


def shares_of(person: Person) -> "QuerySet[Share]":
    """Everything this person declared, last first."""
    rows: QuerySet[Share] = Share.objects.of_people().filter(person=person)
    return rows.select_related("story", "link", "post").order_by("-shared_at", "-pk")


def shares_on_day(person: Person, channel: str, at: datetime) -> int:
    """How many shares that account makes on the day of that moment, planned ones too, on the person's own calendar."""
    since, until = day_bounds(at, person.time_zone)
    rows = Share.objects.of_people().filter(
        person=person, channel=channel, state__in=COUNTED, shared_at__gte=since, shared_at__lt=until
    )
    count: int = rows.count()
    return count


def shares_left(person: Person, channel: str, at: datetime) -> int:
    """How many more shares that account may make on the day of that moment."""
    return max(0, shares_allowed(person.organisation.shares_per_day) - shares_on_day(person, channel, at))


def spent_channels(person: Person, now: datetime) -> frozenset[str]:
    """The channels on which the person's shares of today are used up."""
    since, until = day_bounds(now, person.time_zone)
    rows = Share.objects.of_people().filter(
        person=person, state__in=COUNTED, shared_at__gte=since, shared_at__lt=until
    )
    allowed = shares_allowed(person.organisation.shares_per_day)
    counts = Counter(rows.values_list("channel", flat=True))
    return frozenset(channel for channel, count in counts.items() if count >= allowed)


def texts_of_others(person: Person, story: Story) -> list[str]:
    """What colleagues said, or are about to say, on the same story, the last ones first."""
    rows = Share.objects.of_people().filter(story=story, state__in=COUNTED).exclude(person=person)
    return list(rows.order_by("-pk").values_list("text", flat=True)[:TEXTS_COMPARED])


def times_used(story: Story) -> dict[str, int]:
    """How often each caption of the story was shared, by its code."""
    rows = Share.objects.of_people().filter(story=story, state__in=COUNTED, caption__isnull=False)
    return dict(Counter(rows.values_list("caption__code", flat=True)))


@dataclass(frozen=True)
class Places:
    """Where a person shared a story, first to last; when their next planned post on it goes out; which shares ask them
    something."""

    channels: tuple[str, ...] = ()
    planned_at: datetime | None = None
    asking: tuple[str, ...] = ()


def places_by_story(person: Person) -> dict[int, Places]:
    """Where this person shared each story, and what is planned on it, by the story's row number; in one query."""
    rows = Share.objects.of_people().filter(person=person, state__in=COUNTED).order_by("pk")
    found: dict[int, Places] = {}
    asked = ("story_id", "channel", "state", "shared_at", "code", "post__state", "post__reason")
    for story_id, channel, state, at, code, post_state, reason in rows.values_list(*asked):
        before = found.get(story_id, Places())
        if state in STANDING:
            found[story_id] = replace(before, channels=(*before.channels, channel))
        elif asks_person(post_state, reason):
            found[story_id] = replace(before, asking=(*before.asking, code))
        else:
            found[story_id] = replace(before, planned_at=min(before.planned_at or at, at))
    return found


def sharer_place(share: Share) -> int:
    """Which person of the organisation this share makes on its story: 1 is the first to speak of it."""
    rows = Share.objects.of_people().filter(story=share.story_id, state__in=COUNTED, pk__lt=share.pk)
    earlier = set(rows.values_list("person_id", flat=True)) - {share.person_id}
    return len(earlier) + 1


def habit_of(person: Person) -> SharingHabit:
    """What the sheet remembers of the person; an unsaved row where it remembers nothing."""
    found: SharingHabit | None = SharingHabit.objects.filter(person=person).first()
    return found or SharingHabit(organisation_id=person.organisation_id, person=person)


def draft_of(person: Person, story: Story) -> ShareDraft:
    """What the person typed on that story and has not shared; an unsaved, empty row when nothing."""
    found: ShareDraft | None = ShareDraft.objects.filter(person=person, story=story).first()
    return found or ShareDraft(person=person, story=story)


def disclosures_of(story: Story) -> dict[str, str]:
    """The line that opens a post on that story, in each language; it says so when a reward is at stake."""
    lines = disclosure_lines()
    return rewarded_lines(lines) if story.is_rewarded else lines


def disclosure_in(language: str, story: Story) -> str:
    """The line that opens a post on that story in that language; in the organisation's own where that is missing."""
    lines = disclosures_of(story)
    return lines.get(language) or lines.get(story.organisation.language) or ""


def all_disclosures() -> tuple[str, ...]:
    """Every line that may open a post, the longer before the shorter that it begins with."""
    lines = disclosure_lines()
    return (*rewarded_lines(lines).values(), *lines.values())


# --- the company's own page -----------------------------------------------------------------------------------------
def company_posts_on(story: Story) -> list[Share]:
    """The company's own posts on that story, those taken back too, last first."""
    rows = Share.objects.of_company().filter(story=story).select_related("link", "story")
    return list(rows.order_by("-shared_at", "-pk"))


def get_company_post_for(person: Person, code: str) -> Share:
    """A post of the company, for those who publish its stories."""
    rows = Share.objects.of_company().select_related("link", "story").filter(code=code)
    found: Share | None = rows.first() if person.may(Ability.PUBLISH_STORIES) else None
    if found is None:
        raise NotFound("company_post")
    return found


# --- accounts ------------------------------------------------------------------------------------------------------
def accounts_of(person: Person) -> list[ConnectedAccount]:
    """The accounts that the person connected and that are theirs still, in the order they were connected."""
    states = (ConnectedAccount.State.CONNECTED, ConnectedAccount.State.SIGN_IN_AGAIN)
    rows = ConnectedAccount.objects.filter(person=person, state__in=states)
    return list(rows.order_by("connected_at", "pk"))


def account_on(person: Person, network: str) -> ConnectedAccount | None:
    """The person's account on that network, signed in or not; None when they connected none."""
    return next((one for one in accounts_of(person) if one.network == network), None)


def get_account_for(person: Person, code: str) -> ConnectedAccount:
    """An account of this very person."""
    found = next((one for one in accounts_of(person) if one.code == code), None)
    if found is None:
        raise NotFound("account")
    return found


def get_attempt_for(person: Person, code: str) -> SignInAttempt:
    """A sign-in of this very person."""
    found: SignInAttempt | None = SignInAttempt.objects.filter(person=person, code=code).first()
    if found is None:
        raise NotFound("sign_in")
    return found


# --- posts ---------------------------------------------------------------------------------------------------------
def get_post_for(person: Person, code: str) -> Post:
    """The post of a share of this very person, by the share's code."""
    rows = Post.objects.select_related("share__story", "share__link", "account")
    found: Post | None = rows.filter(share__person=person, share__code=code).first()
    if found is None:
        raise NotFound("post")
    return found


def planned_posts(person: Person) -> list[Post]:
    """What is to go out, what is on its way, and what waits for the person, the next first."""
    rows = Post.objects.filter(share__person=person, state__in=UNSETTLED)
    return list(rows.select_related("share__story", "account").order_by("scheduled_at", "pk"))


def planned_on(account: ConnectedAccount) -> int:
    """How many posts of that account have not gone out yet."""
    count: int = Post.unscoped.filter(account=account, state__in=UNSETTLED).count()
    return count


def own_moments(person: Person, now: datetime, besides: Post | None = None) -> list[datetime]:
    """When this person's posts go out, or went out less than a day ago."""
    rows = Post.unscoped.filter(share__person=person, scheduled_at__gte=now - timedelta(days=1))
    rows = rows.filter(state__in=(*UNSETTLED, PostState.PUBLISHED))
    if besides is not None:
        rows = rows.exclude(pk=besides.pk)
    return list(rows.values_list("scheduled_at", flat=True))


def colleagues_moments(person: Person, story: Story, now: datetime) -> list[datetime]:
    """When colleagues' posts on that story go out, or went out this week."""
    rows = Post.unscoped.filter(share__story=story, scheduled_at__gte=now - timedelta(days=7))
    rows = rows.filter(state__in=(*UNSETTLED, PostState.PUBLISHED)).exclude(share__person=person)
    return list(rows.values_list("scheduled_at", flat=True))


def slots_of(person: Person) -> tuple[Slot, ...]:
    """The person's own hours of the week; two of ours until they choose."""
    rows = PostingHour.unscoped.filter(person=person).order_by("weekday", "minute")
    chosen = tuple(Slot(row.weekday, row.minute) for row in rows)
    return chosen or default_slots(person.code)


def has_own_hours(person: Person) -> bool:
    """Whether the person chose their hours themselves."""
    return bool(PostingHour.unscoped.filter(person=person).exists())


def place_of(person: Person) -> Place:
    """Where the person's clock and calendar are."""
    return Place(person.time_zone, person.country or person.organisation.country)
