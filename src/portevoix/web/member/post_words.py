"""What the page of a share says of a post that a network publishes, by its state, and what can be done about it."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portevoix.core import clock
from portevoix.core.errors import Sentence
from portevoix.links.queries import readable_address
from portevoix.sharing import channels
from portevoix.sharing.accounts import days_worth_saying
from portevoix.sharing.actions.posts import is_ours_to_take_off
from portevoix.sharing.measures import is_being_read, may_be_asked_for
from portevoix.sharing.models import Post
from portevoix.sharing.states import BEFORE_SENDING, IN_THE_BALANCE, PostState, asks_person
from portevoix.web.charts import isolated
from portevoix.web.member.network_words import reason_of
from portevoix.web.templatetags.words import coming, number

S = PostState
NEAR = timedelta(seconds=60)
TITLES: dict[str, Sentence] = {
    S.SCHEDULED: _("Planned: %(when)s"),
    S.DUE: _("On its way to %(network)s"),
    S.SENDING: _("On its way to %(network)s"),
    S.UNKNOWN: _("We are checking"),
    S.RECONCILING: _("We are checking"),
    S.NEEDS_PERSON: _("Is it online on %(network)s?"),
    S.HELD: _("It waits for you"),
    S.PUBLISHED: _("It is online on %(network)s"),
    S.REFUSED: _("It did not go out"),
    S.WITHDRAWN: _("Withdrawn"),
    S.DELETING: _("Being taken off"),
    S.DELETED: _("Taken off"),
}
_SENTENCES: dict[str, Sentence] = {
    S.SCHEDULED: _(
        "It goes out by itself on %(network)s, from %(handle)s. Until then you can move it or withdraw it."
    ),
    S.DUE: _("It goes out in a moment. You may close this page."),
    S.SENDING: _("It goes out in a moment. You may close this page."),
    S.NEEDS_PERSON: _(
        "Look at your profile there: one word from you settles it, and nothing is ever posted twice."
    ),
    S.WITHDRAWN: _("Nothing is online. Your text is kept for the next time you open the story."),
    S.DELETING: _("It disappears from %(network)s in a moment."),
    S.DELETED: _("It is no longer on %(network)s, and no longer counts."),
    S.REFUSED: _("Nothing is online. Your text is here, and you can still share it yourself."),
}
_WAITS_FOR_OTHERS = _("It waits for your organisation")
_TONES: dict[str, str] = {
    S.PUBLISHED: "saffron",
    S.REFUSED: "danger",
    S.NEEDS_PERSON: "chosen",
    S.HELD: "chosen",
}


@dataclass(frozen=True)
class Figure:
    """One figure that the network told of the post."""

    key: str
    words: str


@dataclass(frozen=True)
class Shown:
    """A post as its page shows it."""

    post: Post
    network: str
    title: str
    sentence: str
    reason: str
    tone: str
    poll_seconds: int  # 0: it does not move by itself
    url: str  # where it is seen
    profile: str  # where the person's own page there is
    figures: list[Figure]
    days_left: int | None  # of the sign-in that it needs, while it is still to go out

    @property
    def may_read_figures(self) -> bool:
        return may_be_asked_for(self.post, clock.now())

    @property
    def may_move(self) -> bool:
        # What goes out within the minute is not moved any more: its page changes under one's hands.
        return self.post.state in (S.SCHEDULED, S.HELD) and not _is_near(self.post)

    @property
    def may_withdraw(self) -> bool:
        return self.post.state in (*BEFORE_SENDING, *IN_THE_BALANCE) and not self.post.wants_off

    @property
    def may_take_off(self) -> bool:
        return self.post.state == S.PUBLISHED and not self.post.wants_off

    @property
    def is_ours_to_take_off(self) -> bool:
        """Whether the network can take it off at our word; otherwise its person does, and says so."""
        return is_ours_to_take_off(self.post)

    @property
    def is_planned(self) -> bool:
        return self.post.state in BEFORE_SENDING

    @property
    def is_being_read(self) -> bool:
        return is_being_read(self.post, clock.now())

    @property
    def waits_for_person(self) -> bool:
        return asks_person(self.post.state, self.post.reason)

    @property
    def asks(self) -> bool:
        return self.post.state == S.NEEDS_PERSON

    @property
    def is_over(self) -> bool:
        return self.post.is_over

    @property
    def needs_sign_in(self) -> bool:
        return self.waits_for_person and not self.asks


def shown(post: Post) -> Shown:
    """The post in words."""
    network = str(channels.get(post.account.network).label)
    # What goes out within the minute is on its way, as far as anybody can tell.
    state = S.DUE if _is_near(post) else post.state
    waits_for_others = state == S.HELD and not asks_person(state, post.reason)
    facts = {
        "network": network,
        "handle": isolated(post.account.handle or post.account.name or network),
        "when": coming(post.scheduled_at, post.zone),
    }
    return Shown(
        post=post,
        network=network,
        title=str(_WAITS_FOR_OTHERS if waits_for_others else TITLES[state]) % facts,
        sentence=str(_SENTENCES[state]) % facts if state in _SENTENCES else "",
        reason=reason_of(post, network),
        tone=_TONES.get(post.state, "plain"),
        poll_seconds=_poll_seconds(post),
        url=readable_address(post.url),
        profile=readable_address(post.account.url),
        figures=figures_of(post),
        days_left=days_worth_saying(post.account, clock.now()) if post.state in BEFORE_SENDING else None,
    )


def _is_near(post: Post) -> bool:
    return post.state == S.SCHEDULED and post.scheduled_at - clock.now() < NEAR


def _poll_seconds(post: Post) -> int:
    """How often the page asks again: often while it is going out, not at all while nothing is about to happen."""
    if _is_near(post) or post.state in (S.DUE, S.SENDING, S.DELETING):
        return 2
    if is_being_read(post, clock.now()):
        return 2
    return 10 if post.state in IN_THE_BALANCE else 0


def figures_of(post: Post) -> list[Figure]:
    """What the network told of it, each figure with its noun."""
    nouns = {
        "impressions": lambda count: ngettext("%(count)s impression", "%(count)s impressions", count),
        "views": lambda count: ngettext("%(count)s view", "%(count)s views", count),
        "reached": lambda count: ngettext("%(count)s person reached", "%(count)s people reached", count),
        "likes": lambda count: ngettext("%(count)s like", "%(count)s likes", count),
        "reposts": lambda count: ngettext("%(count)s repost", "%(count)s reposts", count),
        "replies": lambda count: ngettext("%(count)s reply", "%(count)s replies", count),
        "quotes": lambda count: ngettext("%(count)s quote", "%(count)s quotes", count),
        "bookmarks": lambda count: ngettext("%(count)s bookmark", "%(count)s bookmarks", count),
    }
    told = ((key, post.figures.get(key)) for key in nouns)
    return [
        Figure(key, nouns[key](count) % {"count": number(count)}) for key, count in told if count is not None
    ]
