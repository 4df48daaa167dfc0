"""Every recurring piece of work, on one screen. The worker runs each in turn; each claims its own due rows."""

from datetime import timedelta

from portevoix.analytics import jobs as analytics
from portevoix.core.work import Work
from portevoix.library import jobs as library
from portevoix.links import jobs as links
from portevoix.people import jobs as people

WORKS: tuple[Work, ...] = (
    Work("judge clicks", links.judge_new_clicks, timedelta(seconds=1)),
    Work("send invitations", people.send_due_invitations, timedelta(seconds=2)),
    Work("erase old invitations", people.erase_old_invitations, timedelta(hours=1)),
    Work("prepare exports", analytics.prepare_due_exports, timedelta(seconds=1)),
    Work("poll sources", library.poll_due_sources, timedelta(seconds=5)),
    Work("publish scheduled stories", library.publish_due_stories, timedelta(seconds=10)),
    Work("expire stories", library.expire_stories, timedelta(seconds=30)),
    Work("renew visitor secrets", links.renew_visitor_secrets, timedelta(minutes=10)),
    Work("erase old raw clicks", links.erase_old_segments, timedelta(hours=1)),
    Work("erase old clicks", links.erase_old_clicks, timedelta(hours=1)),
    Work("erase old exports", analytics.erase_old_exports, timedelta(hours=1)),
)
