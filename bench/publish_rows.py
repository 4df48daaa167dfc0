# ruff: noqa: E402  Django is set up before its models are imported
"""Fills the database that `DATABASE_URL` names with posts that are due, for `bench/publish.py`; then publishes one.

Makes the rows in bulk, as `planned_posts.py` does and says why; Procrastinate is told of each, as planning tells it. One
post more is worked on in this process, to count what it asks of the database.

python bench/publish_rows.py COUNT     prints {"seconds", "queries"}
"""

import json
import os
import random
import sys
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portevoix.settings")
django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from planned_posts import make_posts

from portevoix.core import clock, work
from portevoix.sharing.jobs import POSTS
from portevoix.sharing.states import PostState

MINUTE = 60.0


def main() -> None:
    count = int(sys.argv[1])
    call_command("migrate", verbosity=0, interactive=False)
    began, now = time.monotonic(), clock.now()
    # All of the minute that ends now, so that nothing waits for its moment while the workers run.
    moments = [now - timedelta(seconds=MINUTE * (1 - place / (count + 1))) for place in range(count + 1)]
    is_told = settings.ENGINE == "procrastinate"
    posts = make_posts(moments, count + 1, now=now, ask=is_told, draw=random.Random(1))
    seconds = time.monotonic() - began
    queries = _publish_one(posts[-1].pk)
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    print(json.dumps({"seconds": seconds, "queries": queries}))


def _publish_one(pk: int) -> int:
    """How many statements one publish asks, transactions' beginnings and ends included; the row is read first."""
    now = clock.now()
    with CaptureQueriesContext(connection) as asked:
        row = work.claim(POSTS.due_rows().filter(pk=pk), now=now, lease=POSTS.lease)
        if row is not None:
            work.work_on(POSTS, row, now)
    if row is None or row.state != PostState.PUBLISHED:
        sys.exit(f"The first post was not published: {row and row.state}.")
    return len(asked)


if __name__ == "__main__":
    main()
