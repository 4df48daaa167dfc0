"""What a person decides about their posts: publish at a moment, move, withdraw, take off; and the answer when we ask."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core import work
from portevoix.core.errors import Refusal
from portevoix.library.models import Caption, Story
from portevoix.networks.contract import Draft
from portevoix.networks.direct import Key
from portevoix.people.models import Person
from portevoix.sharing import accounts, checks, measures, news, queries, timing
from portevoix.sharing.actions.composition import Composition, compose, lock_person, open_tracked_link
from portevoix.sharing.actions.moving import move_seized, refuse_too_late, seize
from portevoix.sharing.actions.shares import remember
from portevoix.sharing.actions.telling import tell
from portevoix.sharing.composing import beside
from portevoix.sharing.events import SharePlanned
from portevoix.sharing.keys import Offer
from portevoix.sharing.models import ConnectedAccount, Post, Share
from portevoix.sharing.states import BEFORE_SENDING, IN_THE_BALANCE, PostState, ShareState
from portevoix.sharing.timing import Planned, When

# The person's word ends all doubt, and what they wanted while there was one.
_NO_DOUBT = {"doubt_since": None, "looks": 0, "wants_off": False}


@transaction.atomic
def plan_post(
    *,
    person: Person,
    story: Story,
    channel: str,
    text: str,
    when: When,
    now: datetime,
    token: str = "",
    language: str = "",
    caption: Caption | None = None,
) -> Post:
    """Has the person's own account publish those words at that moment, and never twice.

    The same token on the same channel gives the same post. Refuses what `share_story` refuses; an account that is not
    connected; a moment that is past, after the story, or within half an hour of another post of theirs.
    """
    lock_person(person)
    composed = compose(
        person=person,
        story=story,
        channel=channel,
        text=text,
        now=now,
        token=token,
        language=language,
        caption=caption,
    )
    if composed.earlier is not None:
        return _post_of(composed.earlier)
    checks.refuse_wordless(composed.draft)
    account, offer = accounts.ready_account(person, composed.channel)
    draft = beside(story).added_to(composed.draft)
    checks.refuse_direct(composed.channel, offer, account, draft, queries.texts_of_others(person, story))
    planned = timing.plan(person=person, story=story, when=when, now=now)
    checks.refuse_beyond_limit(composed.channel, person, planned.moment.at)
    post = _create(composed, draft, account, offer, planned, now)
    remember(composed, when.kind)
    work.ask(post)
    return post


@transaction.atomic
def move_post(*, post: Post, when: When, now: datetime) -> Post:
    """Gives a post that has not gone out another moment; refuses as `plan_post` does, and one that is on its way."""
    row = seize(post, (PostState.SCHEDULED, PostState.HELD))
    if row is None:
        raise refuse_too_late()
    person = row.share.person
    planned = timing.plan(person=person, story=row.share.story, when=when, now=now, besides=row)
    move_seized(
        post=row,
        to=PostState.SCHEDULED,
        now=now,
        due_at=planned.moment.at,
        reason="moved_by_person",
        moved_from="",
        **planned.facts(),
    )
    tell(row.share, "move_post", now)
    return row


@transaction.atomic
def withdraw_post(*, post: Post, now: datetime) -> Post:
    """The person does not want it published, or no longer: what may not be out is withdrawn, what is out is taken off.

    A post whose fate is being looked into is taken off as soon as it is known to be there. Its words are kept as a draft.
    """
    row = seize(post, (*BEFORE_SENDING, *IN_THE_BALANCE, PostState.NEEDS_PERSON, PostState.PUBLISHED))
    if row is None:
        raise refuse_too_late()
    if row.state in BEFORE_SENDING:
        move_seized(post=row, to=PostState.WITHDRAWN, now=now, due_at=None, reason="withdrawn")
    elif row.state == PostState.PUBLISHED:
        _take_off(row, now)
    elif row.state == PostState.NEEDS_PERSON:
        raise Refusal("answer_first", _("Say first whether it is online: then we know what to do."))
    else:
        # The worker that holds it goes on: what it finds decides.
        row.wants_off = True
        row.save(update_fields=["wants_off"])
    tell(row.share, "withdraw_post", now)
    return row


@transaction.atomic
def answer_post(*, post: Post, is_online: bool, send_again: bool = False, now: datetime) -> Post:
    """The person says whether a post is online that the network could not tell us about.

    Online, by their word. Not online: it is sent again at once, or withdrawn.
    """
    row = seize(post, (PostState.NEEDS_PERSON,))
    if row is None:
        raise refuse_too_late()
    if is_online:
        published = {**_NO_DOUBT, "published_at": row.sent_at or now, "by_word": True}
        move_seized(post=row, to=PostState.PUBLISHED, now=now, due_at=None, reason="by_word", **published)
    elif send_again:
        checks.refuse_unless_shareable(row.share.story, row.share.person, now)
        checks.refuse_unconnected(row.account)
        fresh = {**_NO_DOUBT, "tries": 0, "scheduled_at": now, "is_chosen": True, "sent_at": None}
        move_seized(post=row, to=PostState.SCHEDULED, now=now, due_at=now, reason="sent_again", **fresh)
    else:
        move_seized(post=row, to=PostState.WITHDRAWN, now=now, due_at=None, reason="not_online")
    tell(row.share, "answer_post", now)
    return row


@transaction.atomic
def ask_for_figures(*, post: Post, now: datetime) -> bool:
    """Has the network asked for the post's figures now; False when they are not read there, or were a moment ago."""
    row = seize(post, (PostState.PUBLISHED,))
    if row is None or not measures.may_be_asked_for(row, now):
        return False
    row.due_at = row.figures_asked_at = now
    row.save(update_fields=["due_at", "figures_asked_at"])
    work.ask(row)
    return True


def refuse_posts_of_story(*, story_id: int, now: datetime) -> int:
    """What was planned for a story that is over does not go out, and its people are told; says how many posts."""
    planned = Post.unscoped.filter(share__story=story_id, state__in=BEFORE_SENDING)
    return sum(_refuse_over(post, now) for post in planned)


def withdraw_posts_of(*, person_id: int, now: datetime) -> int:
    """What that person had planned is withdrawn, its words kept; says how many posts."""
    planned = Post.unscoped.filter(share__person=person_id, state__in=BEFORE_SENDING)
    return sum(_withdraw_planned(post, now) for post in planned)


@transaction.atomic
def _refuse_over(post: Post, now: datetime) -> bool:
    row = seize(post, BEFORE_SENDING)
    if row is None:
        return False
    move_seized(post=row, to=PostState.REFUSED, now=now, due_at=None, reason="story_over")
    news.tell_of_post(row, "post_refused", now)
    return True


@transaction.atomic
def _withdraw_planned(post: Post, now: datetime) -> bool:
    row = seize(post, BEFORE_SENDING)
    if row is None:
        return False
    move_seized(post=row, to=PostState.WITHDRAWN, now=now, due_at=None, reason="paused")
    return True


def is_ours_to_take_off(post: Post) -> bool:
    """Whether we know which post it is, and may still ask its network; else its person takes it off, and says so."""
    return bool(post.post_id) and not post.by_word and post.account.is_connected


def _take_off(row: Post, now: datetime) -> None:
    if not is_ours_to_take_off(row):
        move_seized(post=row, to=PostState.DELETED, now=now, due_at=None, reason="taken_off_by_person")
    else:
        move_seized(post=row, to=PostState.DELETING, now=now, due_at=now, reason="asked")


def _post_of(share: Share) -> Post:
    """The post that the same sheet planned a moment ago; refuses when the person shared by themselves meanwhile."""
    found: Post | None = Post.unscoped.filter(share=share).select_related("share", "account").first()
    if found is None:
        raise Refusal("sheet_used", checks.SHEET_USED)
    return found


def _create(
    composed: Composition,
    draft: Draft,
    account: ConnectedAccount,
    offer: Offer,
    planned: Planned,
    now: datetime,
) -> Post:
    at = planned.moment.at
    share: Share = Share.unscoped.create(
        **composed.facts(),
        link=open_tracked_link(
            composed.story, composed.code, composed.channel.key, composed.person.team, now
        ),
        text=offer.direct.publisher.posted_text(draft),
        state=ShareState.PLANNED,
        shared_at=at,
    )
    key = Key(share.code, now.timestamp())
    post: Post = Post.unscoped.create(
        organisation_id=share.organisation_id,
        share=share,
        account=account,
        frozen=dict(offer.direct.publisher.freeze(draft, key)),
        key_at=now,
        due_at=at,
        history=[[PostState.SCHEDULED, now.isoformat(timespec="milliseconds"), ""]],
        **planned.facts(),
    )
    tell(share, "plan_post", now, SharePlanned)
    return post
