# ruff: noqa: E402  Django is set up before models are made
"""Two ways in which Django answers a short link, for `bench/redirect.py`; runs in the peers' own environment.

`plain` is what one writes oneself: look the link up, write the click as a row, redirect. `shortener` is the view of the
package django-link-shortener, which counts up a column. Both with SQLite's write-ahead log, not forced onto the disk at
each click. `plain` and `shortener-bare` are as quick as they can be made: no middleware, connections kept; `shortener`
stands in a project as `django-admin startproject` makes it, where the package's instructions put it.

python bench/redirect_django.py FOLDER CODES.json     makes FOLDER/peers.sqlite3, with those links
"""

import json
import os
import sys
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import django
from django.conf import settings

FOLDER = Path(os.environ.get("BENCH_FOLDER") or sys.argv[1])
VIEW = os.environ.get("BENCH_VIEW", "plain")
# Of Django's own template of a project (5.2), in its order.
PROJECT = VIEW == "shortener"
APPS = (
    ["admin", "auth", "contenttypes", "sessions", "messages", "staticfiles"]
    if PROJECT
    else ["auth", "contenttypes"]
)
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
settings.configure(
    SECRET_KEY="of a bench",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[*(f"django.contrib.{name}" for name in APPS), "shortener"],
    MIDDLEWARE=MIDDLEWARE if PROJECT else [],
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": FOLDER / "peers.sqlite3",
            "CONN_MAX_AGE": 0 if PROJECT else None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
            },
        }
    },
)
django.setup()

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone


class Link(models.Model):
    code = models.CharField(max_length=10, unique=True)
    destination = models.TextField()

    class Meta:
        app_label = "bench"


class Click(models.Model):
    link = models.ForeignKey(Link, on_delete=models.CASCADE)
    at = models.DateTimeField()
    agent = models.TextField()
    referrer = models.TextField()
    language = models.TextField()
    address = models.TextField()

    class Meta:
        app_label = "bench"


def plain(request: HttpRequest, link: str) -> HttpResponse:
    found = Link.objects.filter(code=link).first()
    if found is None:
        raise Http404
    said = request.META
    Click.objects.create(
        link=found,
        at=timezone.now(),
        agent=said.get("HTTP_USER_AGENT", ""),
        referrer=said.get("HTTP_REFERER", ""),
        language=said.get("HTTP_ACCEPT_LANGUAGE", ""),
        address=said.get("REMOTE_ADDR", ""),
    )
    return redirect(found.destination)


urlpatterns = [path("r/<link>", plain if VIEW == "plain" else import_module("shortener.views").expand)]


def main() -> None:
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as schema:
        schema.create_model(Link)
        schema.create_model(Click)
    codes = json.loads(Path(sys.argv[2]).read_text())
    Link.objects.bulk_create(
        Link(code=code, destination=f"https://atlas.example/{number}") for number, code in enumerate(codes)
    )
    user = import_module("django.contrib.auth.models").User.objects.create_user("bench")
    row, never = import_module("shortener.models").UrlMap, timezone.now() + timedelta(days=3650)
    row.objects.bulk_create(
        row(user=user, short_url=code, full_url=f"https://atlas.example/{number}", date_expired=never)
        for number, code in enumerate(codes)
    )


if __name__ == "__main__":
    main()
else:
    application = get_wsgi_application()
