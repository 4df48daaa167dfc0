"""Has due rows worked on, as a worker would, until nothing more is due; each says how much was done."""

from datetime import datetime
from typing import Any

from django.core import mail

from portevoix.analytics.jobs import EXPORTS
from portevoix.core import work
from portevoix.library.jobs import SOURCES, poll_claimed_source
from portevoix.people.jobs import INVITATIONS


def prepare_due_exports(now: datetime) -> int:
    return work.work_through(EXPORTS, now)


def send_due_invitations(now: datetime) -> int:
    """How many mails left."""
    before = len(mail.outbox)
    work.work_through(INVITATIONS, now)
    return len(mail.outbox) - before


def poll_due_sources(now: datetime, door: Any) -> int:
    """How many sources were read, through that door."""
    polled = 0
    while source := work.claim(SOURCES.due_rows(), now=now, lease=SOURCES.lease):
        poll_claimed_source(source, now, door)
        polled += 1
    return polled
