"""What stands in the way of a share, said beside the field, with what to do about it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portevoix.core.errors import Refusal, Sentence
from portevoix.library.models import Story
from portevoix.library.queries import is_for, traits_of
from portevoix.networks.contract import Draft, Problem
from portevoix.people.models import Person
from portevoix.people.roles import Ability
from portevoix.sharing import queries
from portevoix.sharing.accounts import limits_of
from portevoix.sharing.channels import Channel
from portevoix.sharing.keys import Offer
from portevoix.sharing.models import ConnectedAccount
from portevoix.sharing.rules import LONGEST_TEXT, shares_allowed
from portevoix.sharing.similarity import closest

SHEET_USED: Sentence = _("This page was used already. Your text is kept: please try again.")
_WORDS: dict[str, Sentence] = {
    "nothing_to_say": _("Write a few words first."),
    "too_many_links": _("%(network)s takes %(limit)s links at most in one post."),
    "too_many_bytes": _("This text is too heavy for %(network)s: shorten it a little."),
    "link_missing": _("%(network)s needs a link."),
    "too_many_pictures": _("%(network)s shows %(limit)s pictures at most."),
}


def refuse_who_takes_no_part(person: Person) -> None:
    """Refuses somebody who has not joined, or whose roles do not share."""
    if not person.may(Ability.SHARE) or not person.takes_part:
        raise Refusal("takes_no_part", _("Join the programme first: it takes one tap."))


def refuse_unless_out(story: Story, now: datetime) -> None:
    """Refuses a story that stays inside, or is over."""
    if story.is_internal:
        raise Refusal("internal_story", _("This story stays inside the company: it is here to be read."))
    if not story.is_live(now):
        raise Refusal("story_over", _("This story can no longer be shared."))


def refuse_unless_shareable(story: Story, person: Person, now: datetime) -> None:
    """Refuses a story that stays inside, is over, or is not for this person."""
    refuse_unless_out(story, now)
    if story.organisation_id != person.organisation_id or not is_for(story, traits_of(person)):
        raise Refusal("story_over", _("This story can no longer be shared."))


def refuse_wordless(draft: Draft) -> None:
    """Refuses a post that would go out without a word of anybody's: a link alone says nothing."""
    if not draft.text.strip():
        raise Refusal("nothing_to_say", _WORDS["nothing_to_say"], field="text")


def is_shareable(story: Story, person: Person, now: datetime) -> bool:
    """Whether that person may share that story now."""
    try:
        refuse_unless_shareable(story, person, now)
    except Refusal:
        return False
    return True


def refuse_unconnected(account: ConnectedAccount) -> None:
    """Refuses to send from an account that was disconnected, or that waits for its person."""
    if not account.is_connected:
        raise Refusal(
            "not_connected",
            _("This account is not connected any more. Connect it again, or share the story yourself."),
        )


def refuse_endless(text: str) -> None:
    """Refuses a text that no post could be."""
    if len(text) > LONGEST_TEXT:
        raise Refusal(
            "text_too_long",
            _(
                "A post of more than %(limit)s characters cannot be kept. Shorten it: nothing is lost meanwhile."
            ),
            field="text",
            facts={"limit": LONGEST_TEXT},
        )


def refuse_beyond_limit(channel: Channel, person: Person, at: datetime) -> None:
    """Refuses one share more on one account than the day of that moment allows."""
    if channel.is_network and not queries.shares_left(person, channel.key, at):
        raise beyond_limit(channel, person)


def beyond_limit(channel: Channel, person: Person) -> Refusal:
    """The day's shares on this account are used up, and why there is a limit at all."""
    allowed = shares_allowed(person.organisation.shares_per_day)
    sentence = ngettext_lazy(
        "One share a day on %(network)s is enough: beyond that, people read less. Tomorrow, or elsewhere today.",
        "%(count)s shares a day on %(network)s are enough: beyond that, people read less. Tomorrow, or elsewhere today.",
        allowed,
    )
    facts = {"count": allowed, "network": str(channel.label)}
    return Refusal("shares_spent", sentence, field="channel", facts=facts)


def refuse_text(channel: Channel, draft: Draft, texts_of_others: Sequence[str]) -> None:
    """Refuses a text that the network would cut or forbid; elsewhere a look-alike is only worth saying."""
    _refuse_problems(channel.composer.problems(draft) if channel.composer else (), channel)
    _refuse_alike(channel, draft, texts_of_others)


def _refuse_problems(problems: Sequence[Problem], channel: Channel) -> None:
    for problem in problems:
        if problem.blocking:
            raise _refusal(problem, channel)


def _refuse_alike(channel: Channel, draft: Draft, texts_of_others: Sequence[str]) -> None:
    if not channel.allows_alike and is_too_close(draft, texts_of_others):
        raise Refusal(
            "too_close",
            _(
                "A colleague posted almost the same text, and %(network)s forbids it. Change a sentence or two."
            ),
            field="text",
            facts={"network": str(channel.label)},
        )


def refuse_direct(
    channel: Channel, offer: Offer, account: ConnectedAccount, draft: Draft, texts_of_others: Sequence[str]
) -> None:
    """Refuses a text that the network would cut or forbid when it publishes by itself."""
    limits = limits_of(account, offer.network.limits)
    _refuse_problems(offer.direct.publisher.problems(draft, limits), channel)
    _refuse_alike(channel, draft, texts_of_others)


def is_too_close(draft: Draft, texts_of_others: Sequence[str]) -> bool:
    """Whether a reader of a colleague's post would take this one for the same."""
    return closest(draft.text, texts_of_others, draft.disclosure).is_near_identical


def _refusal(problem: Problem, channel: Channel) -> Refusal:
    facts = {**problem.facts, "network": str(channel.label)}
    if problem.code == "too_long":
        return _too_long(facts)
    return Refusal(problem.code, _WORDS[problem.code], field="text", facts=facts)


def _too_long(facts: dict[str, int | str]) -> Refusal:
    sentence = ngettext_lazy(
        "%(excess)s character too many for %(network)s.",
        "%(excess)s characters too many for %(network)s.",
        int(facts["excess"]),
    )
    return Refusal("too_long", sentence, field="text", facts=facts)
