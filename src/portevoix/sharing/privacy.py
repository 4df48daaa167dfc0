"""What this room holds about a person, how it is handed over and how it is erased.

| row | personal fields | why, and how long |
|---|---|---|
| Share (person) | story, channel, text, own_words, shared_at | the person's own results; until erased |
| Share (person) | team, country, zone | those of the day of the share, for figures of groups; until erased |
| Share (person), the company's | the same | which editor made it, and the text they gave it; until erased |
| Post (account, share) | frozen, url, figures, history | what a network published for them; until erased |
| ConnectedAccount (person) | network, handle, name, url, the sealed sign-in | to publish for them; a month past its end |
| SignInAttempt (person) | network, identity, the sealed answer | ten minutes, erased after thirty |
| PostingHour (person) | weekday, minute | their hours; until erased |
| SharingHabit (person) | channel, when, mastodon_instance | the sheet remembers the last choice; until erased |
| ShareDraft (person) | text | nothing typed is lost; until shared or erased |

A post that is out there keeps its link after erasure: it leads to the page it promised, and tells nothing of anybody.
Networks are asked to forget us before the rows go; tokens are erased as soon as an account is disconnected.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from portevoix.people.models import Person
from portevoix.sharing.actions.keeping import forget_grants_of
from portevoix.sharing.models import (
    ConnectedAccount,
    Post,
    PostingHour,
    Share,
    ShareDraft,
    SharingHabit,
    SignInAttempt,
)


def export_person(person: Person) -> dict[str, Any]:
    """Everything held here about the person, for the person; never a token."""
    shares = (
        Share.unscoped.filter(person=person).select_related("story", "link", "team").order_by("shared_at")
    )
    habits = SharingHabit.unscoped.filter(person=person)
    return {
        "shares": [
            {
                "at": share.shared_at.isoformat(),
                "story": share.story.title,
                "channel": share.channel,
                "text": share.text,
                "own_words": round(share.own_words, 2),
                "state": share.state,
                "for_company": share.is_company,
                "link": share.link.code,
                "team": share.team.name if share.team else "",
                "country": share.country,
                "time_zone": share.zone,
            }
            for share in shares
        ],
        "posts": [_post(post) for post in Post.unscoped.filter(share__person=person).order_by("key_at")],
        "accounts": [
            {
                "network": account.network,
                "server": account.host,
                "handle": account.handle,
                "name": account.name,
                "page": account.url,
                "state": account.state,
                "permissions": account.scopes,
                "connected_at": account.connected_at.isoformat(),
                "ended_at": _iso(account.ended_at),
            }
            for account in ConnectedAccount.unscoped.filter(person=person).order_by("connected_at")
        ],
        "hours": list(PostingHour.unscoped.filter(person=person).values("weekday", "minute")),
        "habits": list(habits.values("channel", "when", "mastodon_instance")),
        "drafts": list(ShareDraft.unscoped.filter(person=person).values("story__title", "text")),
    }


def erase_person(person: Person) -> int:
    """Has networks forget us, then erases everything held here of the person; says how many rows went."""
    forget_grants_of(person)
    models = (Share, ShareDraft, SharingHabit, PostingHour, SignInAttempt, ConnectedAccount)
    with transaction.atomic():
        return sum(model.unscoped.filter(person=person).delete()[0] for model in models)


def _post(post: Post) -> dict[str, Any]:
    return {
        "share": post.share_id,
        "state": post.state,
        "planned": f"{post.wall_at} {post.zone}",
        "page": post.url,
        "figures": post.figures,
        "history": post.history,
    }


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
