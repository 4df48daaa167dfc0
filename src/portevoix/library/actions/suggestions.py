"""Suggestions: a link that an ambassador offers, and what the editors made of it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.core.http import Door
from portevoix.library.actions.fetching import fetch_page
from portevoix.library.actions.starting import checked_link, refuse_second_story, story_exists, write_fetched
from portevoix.library.actions.writing import refuse_unless_editor
from portevoix.library.addresses import canonical_address
from portevoix.library.door import outgoing_door
from portevoix.library.models import Story, Suggestion
from portevoix.library.rules import COMMENT_LENGTH, NOTE_LENGTH
from portevoix.people import trail
from portevoix.people.models import Person
from portevoix.people.roles import Ability


@transaction.atomic
def suggest_story(*, person: Person, link: str, comment: str = "", now: datetime) -> Suggestion:
    """Offers a link to the editors, with a word on why.

    Refuses what is no address, a link that has its story already, and one that waits for an answer.
    """
    if not person.may(Ability.SUGGEST):
        raise Refusal("cannot_suggest", _("Suggestions come from those who take part."))
    address = checked_link(link)
    canonical = canonical_address(address)
    refuse_second_story(person.organisation, canonical)
    if len(comment.strip()) > COMMENT_LENGTH:
        raise Refusal(
            "comment_too_long",
            _("%(limit)s characters at most: a sentence or two will do."),
            field="comment",
            facts={"limit": COMMENT_LENGTH},
        )
    _refuse_waiting(person, canonical)
    suggestion = Suggestion.unscoped.create(
        organisation_id=person.organisation_id,
        person=person,
        link=address,
        comment=comment.strip(),
        created_at=now,
    )
    _record(suggestion, person, "suggest_story", now)
    return suggestion


def accept_suggestion(
    *, suggestion: Suggestion, person: Person, now: datetime, door: Door | None = None
) -> Story:
    """Makes a draft of a suggestion, which credits the one who offered it.

    A link that got its story meanwhile credits that story instead, when nobody else has the credit.
    """
    refuse_unless_editor(person)
    _refuse_decided(suggestion)
    fetched = fetch_page(suggestion.link, door or outgoing_door())
    with transaction.atomic():
        suggestion = _locked(suggestion)
        story = Story.unscoped.filter(
            organisation_id=suggestion.organisation_id, canonical=fetched.canonical
        ).first()
        if story is not None and story.suggested_by_id:
            raise story_exists(story)
        if story is None:
            story = write_fetched(
                organisation=suggestion.organisation,
                fetched=fetched,
                author=person,
                now=now,
                act="accept_suggestion",
                suggested_by=suggestion.person,
                why=suggestion.comment,
            )
        else:
            story.suggested_by = suggestion.person
            story.save(update_fields=["suggested_by"])
        suggestion.story = story
        _decide(suggestion, Suggestion.State.ACCEPTED, person, "", now)
    return story


@transaction.atomic
def refuse_suggestion(*, suggestion: Suggestion, person: Person, note: str, now: datetime) -> Suggestion:
    """Answers no, with a note that the ambassador reads; refuses an empty note."""
    refuse_unless_editor(person)
    suggestion = _locked(suggestion)
    kept = note.strip()[:NOTE_LENGTH]
    if not kept:
        raise Refusal(
            "no_note", _("Say why, kindly: the person who suggested it reads this note."), field="note"
        )
    return _decide(suggestion, Suggestion.State.REFUSED, person, kept, now)


def _locked(suggestion: Suggestion) -> Suggestion:
    fresh: Suggestion = Suggestion.unscoped.select_for_update().get(pk=suggestion.pk)
    _refuse_decided(fresh)
    return fresh


def _refuse_decided(suggestion: Suggestion) -> None:
    if suggestion.state != Suggestion.State.PENDING:
        raise Refusal("decided_already", _("This suggestion has its answer already."))


def _refuse_waiting(person: Person, canonical: str) -> None:
    pending = Suggestion.unscoped.filter(
        organisation_id=person.organisation_id, state=Suggestion.State.PENDING
    ).values_list("link", "person_id")
    for link, by in pending:
        if canonical_address(link) == canonical:
            sentence = (
                _("You suggested this page already: the editors will answer.")
                if by == person.pk
                else _("Somebody suggested this page already: the editors are looking at it.")
            )
            raise Refusal("suggested_already", sentence, field="link")


def _decide(
    suggestion: Suggestion, state: Suggestion.State, person: Person, note: str, now: datetime
) -> Suggestion:
    suggestion.state = state
    suggestion.note = note
    suggestion.decided_at = now
    suggestion.decided_by = person
    suggestion.save()
    act = "accept_suggestion" if state == Suggestion.State.ACCEPTED else "refuse_suggestion"
    _record(suggestion, person, act, now)
    return suggestion


def _record(suggestion: Suggestion, person: Person, act: str, now: datetime) -> None:
    trail.record(
        organisation_id=suggestion.organisation_id, person=person, act=act, subject=suggestion.code, now=now
    )
