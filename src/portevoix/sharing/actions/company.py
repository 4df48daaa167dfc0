"""What changes the company's own posts: making one, taking it back, putting it back. They are nobody's share."""

from datetime import datetime
from typing import Any

from django.db import transaction

from portevoix.core.errors import Refusal
from portevoix.library.models import Story
from portevoix.links.queries import link_of_code
from portevoix.networks.contract import Draft
from portevoix.people import trail
from portevoix.people.models import Person
from portevoix.sharing import checks
from portevoix.sharing.actions.composition import chosen_channel, lock_person, open_tracked_link, seed_of
from portevoix.sharing.actions.shares import locked
from portevoix.sharing.channels import Channel
from portevoix.sharing.company import company_draft, link_code
from portevoix.sharing.models import Share
from portevoix.sharing.states import ShareState


@transaction.atomic
def share_for_company(
    *, person: Person, story: Story, channel: str, text: str, now: datetime, token: str = ""
) -> Share:
    """An editor makes the company's own post on that network, in those words, with a tracked link of its own.

    The same token on the same network gives the same post. Refuses a story that stays inside or is over, no words, and a
    text that the network would cut.
    """
    lock_person(person)
    chosen = chosen_channel(channel)
    checks.refuse_unless_out(story, now)
    checks.refuse_endless(text)
    code = link_code(seed_of(token, person, story), chosen.key)
    draft = company_draft(story, text, code)
    checks.refuse_wordless(draft)
    checks.refuse_text(chosen, draft, ())
    if link_of_code(code) is not None:
        return _again(code, chosen, draft)
    share: Share = Share.unscoped.create(
        organisation=story.organisation,
        person=person,
        story=story,
        channel=chosen.key,
        link=open_tracked_link(story, code, chosen.key, None, now),
        shared_at=now,
        is_company=True,
        country=story.organisation.country,
        zone=story.organisation.time_zone,
        **_words(chosen, draft),
    )
    _record(share, person, "share_for_company", now)
    return share


@transaction.atomic
def take_back_company_post(*, share: Share, person: Person, now: datetime) -> Share:
    """The company's post was not made after all, or is no longer; a second tap changes nothing."""
    row = locked(share)
    if row.state == ShareState.DECLARED:
        _move(row, ShareState.TAKEN_BACK, now)
        _record(row, person, "take_back_company_post", now)
    return row


@transaction.atomic
def restore_company_post(*, share: Share, person: Person, now: datetime) -> Share:
    """Undoes a taking back: the company's post stands again, on the day it was made."""
    row = locked(share)
    if row.state == ShareState.TAKEN_BACK:
        _move(row, ShareState.DECLARED, None)
        _record(row, person, "restore_company_post", now)
    return row


def _again(code: str, channel: Channel, draft: Draft) -> Share:
    """The same page, the same network: still one post, in the words that were typed last."""
    rows = Share.unscoped.of_company().select_related("link", "story")
    found: Share | None = rows.filter(link__code=code, state=ShareState.DECLARED).first()
    if found is None:
        raise Refusal("sheet_used", checks.SHEET_USED)
    words = _words(channel, draft)
    found.text, found.language = words["text"], words["language"]
    found.save(update_fields=["text", "language"])
    return found


def _words(channel: Channel, draft: Draft) -> dict[str, Any]:
    return {"text": channel.posted_text(draft), "language": draft.language}


def _move(row: Share, to: ShareState, taken_back_at: datetime | None) -> None:
    row.state, row.taken_back_at = to, taken_back_at
    row.save(update_fields=["state", "taken_back_at"])


def _record(share: Share, person: Person, act: str, now: datetime) -> None:
    """Any editor may take back what another made: the trail says who did."""
    trail.record(
        organisation_id=share.organisation_id,
        person=person,
        act=act,
        subject=share.code,
        now=now,
        channel=share.channel,
    )
