"""What this room holds about a person, how it is handed over and how it is erased.

| row | personal fields | why, and how long |
|---|---|---|
| Share (person) | story, channel, text, own_words, shared_at | the person's own results; until erased |
| SharingHabit (person) | channel, mastodon_instance | the sheet remembers the last choice; until erased |
| ShareDraft (person) | text | nothing typed is lost; until shared or erased |

A post that is out there keeps its link after erasure: it leads to the page it promised, and tells nothing of anybody.
"""

from typing import Any

from django.db import transaction

from portevoix.people.models import Person
from portevoix.sharing.models import Share, ShareDraft, SharingHabit


def export_person(person: Person) -> dict[str, Any]:
    """Everything held here about the person, for the person."""
    shares = Share.unscoped.filter(person=person).select_related("story", "link").order_by("shared_at")
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
                "link": share.link.code,
            }
            for share in shares
        ],
        "habits": list(habits.values("channel", "mastodon_instance")),
        "drafts": list(ShareDraft.unscoped.filter(person=person).values("story__title", "text")),
    }


@transaction.atomic
def erase_person(person: Person) -> int:
    """Erases shares, drafts and habits; says how many rows went."""
    rows = [model.unscoped.filter(person=person) for model in (Share, ShareDraft, SharingHabit)]
    return sum(found.delete()[0] for found in rows)
