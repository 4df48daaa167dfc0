"""What people are told about their posts and accounts, in which words; and telling them."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from portevoix.notifications import actions as notifications
from portevoix.notifications.kinds import Kind, register
from portevoix.sharing import channels
from portevoix.sharing.models import ConnectedAccount, Post

KINDS = (
    Kind(
        "account_ends",
        _("Your connection to %(network)s ends soon"),
        _(
            "Your connection to %(network)s ends on %(day)s. Sign in again in one tap: what you planned stays planned."
        ),
    ),
    Kind(
        "account_ends_tomorrow",
        _("Your connection to %(network)s ends tomorrow"),
        _(
            "Your connection to %(network)s ends tomorrow. Sign in again in one tap: what you planned stays planned."
        ),
    ),
    Kind(
        "account_ended",
        _("%(network)s asks you to sign in again"),
        _("%(network)s asks you to sign in again. Until then, nothing goes out there from Portevoix."),
    ),
    Kind(
        "post_held",
        _("A post for %(network)s is waiting"),
        _(
            "A post of yours for %(network)s did not go out at its time. It waits, with its text, until you decide."
        ),
    ),
    Kind(
        "post_refused",
        _("A post for %(network)s did not go out"),
        _(
            "A post of yours for %(network)s did not go out, and will not by itself. Portevoix tells you why, and what"
            " you can do."
        ),
    ),
    Kind(
        "post_question",
        _("One question about a post on %(network)s"),
        _("%(network)s did not say whether a post of yours is online. One word from you settles it."),
    ),
    Kind(
        "post_moved",
        _("A post for %(network)s has another moment"),
        _("A post of yours for %(network)s was moved to another moment. Portevoix tells you when, and why."),
    ),
    Kind(
        "post_not_taken_off",
        _("A post on %(network)s is still online"),
        _("%(network)s did not let us take a post of yours off. You can do it there yourself."),
    ),
)
ACCOUNTS_PATH = "/me/accounts"


def register_kinds() -> None:
    """Makes the words known to the letters."""
    register(*KINDS)


def tell_of_post(post: Post, kind: str, now: datetime) -> None:
    """Tells the person about a post of theirs; the same matter once."""
    share = post.share
    notifications.tell(
        person=share.person,
        kind=kind,
        key=f"post:{share.code}:{kind}:{len(post.history)}",
        path=f"/shares/{share.code}/thanks",
        facts={"network": name_of(post.account.network)},
        now=now,
    )


def tell_of_account(
    account: ConnectedAccount, kind: str, matter: str, now: datetime, **facts: object
) -> None:
    """Tells the person about an account of theirs; the same matter once."""
    notifications.tell(
        person=account.person,
        kind=kind,
        key=f"account:{account.code}:{kind}:{matter}",
        path=ACCOUNTS_PATH,
        facts={"network": name_of(account.network), **facts},
        now=now,
    )


def name_of(network: str) -> str:
    """The network's own name."""
    return str(channels.get(network).label)
