"""Everything that is done later, on one screen: kinds of rows that come due one by one, and recurring looks."""

from datetime import timedelta

from portevoix.analytics import counting, folding
from portevoix.analytics import jobs as analytics
from portevoix.core.work import RowWork, Sweep
from portevoix.library import jobs as library
from portevoix.links import archive
from portevoix.links import jobs as links
from portevoix.notifications import jobs as notifications
from portevoix.people import jobs as people
from portevoix.sharing import jobs as sharing

ROWS: tuple[RowWork, ...] = (
    sharing.POSTS,
    sharing.ACCOUNTS,
    people.INVITATIONS,
    notifications.NOTICES,
    library.SOURCES,
    analytics.EXPORTS,
)

SWEEPS: tuple[Sweep, ...] = (
    Sweep("judge-clicks", analytics.judge_and_count, timedelta(seconds=0.25), everywhere=True),
    Sweep("recount-days", counting.recount_days, timedelta(seconds=2)),
    Sweep("replay-rules", counting.replay_old_rules, timedelta(seconds=5), everywhere=True),
    Sweep("publish-stories", library.publish_due_stories, timedelta(seconds=10)),
    Sweep("expire-stories", library.expire_stories, timedelta(seconds=30)),
    Sweep("story-cards", sharing.draw_missing_cards, timedelta(minutes=1)),
    Sweep("end-accounts-of-leavers", sharing.end_accounts_of_leavers, timedelta(seconds=20)),
    Sweep("plan-by-new-zones", sharing.plan_by_new_zones, timedelta(minutes=1)),
    Sweep("forget-sign-ins", sharing.forget_attempts, timedelta(minutes=5)),
    Sweep("visitor-secrets", links.renew_visitor_secrets, timedelta(minutes=10)),
    Sweep("erase-invitations", people.erase_old_invitations, timedelta(hours=1)),
    Sweep("erase-notices", notifications.erase_old_notices, timedelta(hours=1)),
    Sweep("archive-raw-clicks", archive.compress_and_erase, timedelta(minutes=1), everywhere=True),
    Sweep("join-batches", links.join_batches, timedelta(hours=1)),
    Sweep("erase-batches", links.erase_old_batches, timedelta(hours=1)),
    Sweep("fold-months", folding.fold_months, timedelta(minutes=10)),
    Sweep("erase-figures", analytics.erase_old_figures, timedelta(hours=1)),
    Sweep("erase-strays", analytics.erase_strays, timedelta(hours=1)),
    Sweep("erase-conversions", links.erase_old_conversions, timedelta(hours=1)),
    Sweep("erase-exports", analytics.erase_old_exports, timedelta(hours=1)),
)
