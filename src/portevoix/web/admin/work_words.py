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
    "judge-clicks": _("Judge clicks"),
    "publish-stories": _("Publish scheduled stories"),
    "expire-stories": _("End stories"),
    "end-accounts-of-leavers": _("Disconnect those who left"),
    "plan-by-new-zones": _("Follow changes of time zones"),
    "forget-sign-ins": _("Erase unfinished sign-ins"),
    "visitor-secrets": _("Renew visitor secrets"),
    "erase-invitations": _("Erase old invitations"),
    "erase-notices": _("Erase old notices"),
    "archive-raw-clicks": _("Compress and erase old raw clicks"),
    "erase-clicks": _("Erase old clicks"),
    "erase-exports": _("Erase old exports"),
    "find-forgotten-rows": _("Find forgotten work"),
}
