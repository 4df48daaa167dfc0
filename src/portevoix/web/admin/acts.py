"""The acts of the trail, in words. Only these are shown: an act that is a person's own business stays theirs.

Managers see teams, never people: what somebody shares, likes or suggests, and whether they take part, is `PERSONAL`. It
is recorded, exported to that person and shown to nobody else. Every act is in one of the two; a test looks.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "accept_suggestion": _("Accepted a suggestion"),
    "add_forbidden_phrase": _("Added a phrase to avoid"),
    "add_source": _("Added a source"),
    "archive_pillar": _("Archived a pillar"),
    "archive_story": _("Archived a story"),
    "cancel_invitation": _("Withdrew an invitation"),
    "change_audience": _("Changed an audience"),
    "change_forbidden_phrase": _("Changed a phrase to avoid"),
    "change_organisation": _("Changed the organisation’s settings"),
    "change_person": _("Changed a person’s details"),
    "change_pillar": _("Changed a pillar"),
    "change_source": _("Changed a source"),
    "change_story": _("Changed a story"),
    "close_join_link": _("Closed a join link"),
    "confirm_destination": _("Confirmed a new destination"),
    "create_audience": _("Created an audience"),
    "create_organisation": _("Created the organisation"),
    "create_person": _("Opened a person’s access"),
    "create_pillar": _("Created a pillar"),
    "create_team": _("Created a team"),
    "deactivate_person": _("Ended a person’s access"),
    "refuse_suggestion": _("Declined a suggestion"),
    "delete_audience": _("Deleted an audience"),
    "delete_team": _("Deleted a team"),
    "erase_export": _("An export was erased"),
    "expire_story": _("A story ended"),
    "extend_expiry": _("Extended a story"),
    "feature_story": _("Featured a story"),
    "grant_role": _("Gave a role"),
    "invite_person": _("Invited an address"),
    "open_join_link": _("Opened a join link"),
    "pause_source": _("Paused a source"),
    "publish_story": _("Published a story"),
    "queue_story": _("Took a story from a source"),
    "reactivate_person": _("Opened a person’s access again"),
    "refuse_story": _("Sent a story back with a note"),
    "remind_invitation": _("Reminded an invited address"),
    "remove_forbidden_phrase": _("Removed a phrase to avoid"),
    "remove_source": _("Removed a source"),
    "rename_team": _("Renamed a team"),
    "reorder_pillars": _("Put the pillars in another order"),
    "request_export": _("Asked for an export"),
    "reread_link": _("Read a story’s link again"),
    "restore_pillar": _("Took a pillar out of the archive"),
    "restore_story": _("Took a story out of the archive"),
    "resume_source": _("Resumed a source"),
    "revoke_role": _("Took a role back"),
    "schedule_story": _("Scheduled a story"),
    "set_disclosure_line": _("Changed a disclosure line"),
    "start_story": _("Started a story from a link"),
    "start_text_story": _("Started a story from nothing"),
    "submit_for_review": _("Sent a story to review"),
    "take_entry": _("Took an entry from a source"),
    "unfeature_story": _("Stopped featuring a story"),
}
PERSONAL = frozenset(
    {
        "accept_invitation",
        "choose_tastes",
        "erase_own_export",
        "join_by_link",
        "join_programme",
        "leave_programme",
        "pause_programme",
        "request_own_export",
        "restore_share",
        "share_story",
        "suggest_story",
        "take_back_share",
    }
)
