"""Reasons in words: the one line that says why a story is for this person."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Sentence
from portevoix.feed.ranking import Reason, Why

# Clauses that follow "For you:", hence without a capital.
_CLAUSES: dict[Why, Sentence] = {
    Why.OWN_SUGGESTION: _("you suggested it"),
    Why.FOLLOWED: _("you follow “%(fact)s”"),
    Why.SUGGESTED: _("it comes from %(fact)s, a colleague"),
    Why.FEATURED: _("it is on the front page"),
    Why.NEW: _("it has just arrived"),
    Why.ENDING: _("it ends soon"),
    Why.SPOKEN: _("it is written in your language"),
    Why.EVERYONE: _("it is for the whole company"),
}


def sentence(reasons: Sequence[Reason], names: Mapping[str, str]) -> str:
    """The reasons as one sentence; `names` says what each fact is called: a theme, a colleague."""
    clauses = [_clause(reason, names) for reason in reasons]
    if len(clauses) == 1:
        return str(_("%(reason)s.")) % {"reason": clauses[0]}
    return str(_("%(first)s, and %(second)s.")) % {"first": clauses[0], "second": clauses[1]}


def _clause(reason: Reason, names: Mapping[str, str]) -> str:
    fact = names.get(reason.fact, reason.fact)
    return str(_CLAUSES[reason.why]) % {"fact": fact} if reason.fact else str(_CLAUSES[reason.why])
