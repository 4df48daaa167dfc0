"""What is done later, in words: kinds of rows, and recurring looks. A test sees that each has its words."""

from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Sentence

ROWS: dict[str, Sentence] = {
    "sharing.post": _("Posts to publish"),
    "sharing.connectedaccount": _("Accounts to remind or to end"),
    "people.invitation": _("Invitations to mail"),
    "notifications.notice": _("Notices to mail"),
    "library.source": _("Sources to read"),
    "analytics.export": _("Exports to prepare"),
}
SWEEPS: dict[str, Sentence] = {
    "judge-clicks": _("Judge and count clicks"),
    "recount-days": _("Count anew the days of late clicks"),
    "replay-rules": _("Judge anew by new rules on robots"),
    "publish-stories": _("Publish scheduled stories"),
    "expire-stories": _("End stories"),
    "story-cards": _("Draw the cards of stories"),
    "end-accounts-of-leavers": _("Disconnect those who left"),
    "plan-by-new-zones": _("Follow changes of time zones"),
    "forget-sign-ins": _("Erase unfinished sign-ins"),
    "visitor-secrets": _("Renew visitor secrets"),
    "erase-invitations": _("Erase old invitations"),
    "erase-notices": _("Erase old notices"),
    "archive-raw-clicks": _("Compress and erase old raw clicks"),
    "join-batches": _("Tidy judged clicks"),
    "erase-batches": _("Erase old judged clicks"),
    "fold-months": _("Sum up months that are over"),
    "erase-figures": _("Erase old figures"),
    "erase-strays": _("Erase the figures of people who are no more"),
    "erase-conversions": _("Erase old conversions"),
    "erase-exports": _("Erase old exports"),
    "find-forgotten-rows": _("Find forgotten work"),
}
