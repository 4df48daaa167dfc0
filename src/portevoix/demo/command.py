"""`portevoix demo`: migrates, seeds once, starts everything, and says where to go.

The demo lives in the folder of `PORTEVOIX_VAR`; `demo.json` there is written last, so a first run that was interrupted
starts over. Its sources and articles are a small newsroom that this command serves itself.
"""

import json
import os
import shutil
import socket
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from portevoix import env, serving
from portevoix.demo import company
from portevoix.demo.newsroom import server as newsroom

NEWSROOM_PORT = 8010
BEGUN = "demo.begun"  # this folder is the demo's to erase


@dataclass(frozen=True)
class Marker:
    """What a finished seeding leaves: where the newsroom must answer, because the stories' links lead there."""

    newsroom_port: int


def run(*, fresh: bool) -> int:
    """Runs the demo until it is stopped; `fresh` forgets everything first."""
    os.environ["DATABASE_URL"] = ""  # the demo never touches a real database
    os.environ.setdefault("PORTEVOIX_DEMO", "yes")
    port = os.environ.get("PORTEVOIX_PORT", "8000")
    os.environ.setdefault("PORTEVOIX_ADDRESS", f"http://127.0.0.1:{port}")
    environment = env.read()
    serving.check_port_free(environment.bind, environment.port)
    marker = None if fresh else read_marker(environment.var)
    newsroom_port = marker.newsroom_port if marker else free_newsroom_port()
    serving.check_port_free("127.0.0.1", newsroom_port)
    newsroom.serve(newsroom_port)
    os.environ["PORTEVOIX_STAND_INS"] = ",".join(
        f"{host}={ip}:{at}" for host, (ip, at) in newsroom.stand_ins(newsroom_port).items()
    )
    prepare(environment.var, marker, newsroom_port)
    greet(environment.address)
    serving.serve(env.read())
    return 0


def prepare(var: Path, marker: Marker | None, newsroom_port: int) -> None:
    """A database that is up to date, and seeded."""
    if marker is None:
        forget(var)
        (var / BEGUN).touch()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portevoix.settings")
    import django

    django.setup()
    from django.core.management import call_command

    if marker is None or waiting_migrations():
        call_command("migrate", verbosity=0, interactive=False)
    if marker is None:
        seed_once(var, newsroom_port)


def waiting_migrations() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def seed_once(var: Path, newsroom_port: int) -> None:
    from django.test.utils import override_settings

    from portevoix.demo.seed import seed

    began = time.monotonic()
    say("Making a company, and eight weeks of its life…")
    # The invitations of the past were sent in the past: nothing is mailed now.
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        seed(lambda step: say(f"  · {step}"))
    (var / "demo-logins.json").write_text(json.dumps(log_ins(), ensure_ascii=False), "utf-8")
    (var / "demo.json").write_text(json.dumps(asdict(Marker(newsroom_port))))
    say(f"  done in {time.monotonic() - began:.0f} s\n")


def log_ins() -> list[dict[str, str]]:
    """Those that the sign-in page offers while `PORTEVOIX_DEMO` says yes."""
    return [
        {"name": one.given_name, "part": one.roles[0], "email": one.email, "password": company.PASSWORD}
        for one in company.CAST
    ]


def read_marker(var: Path) -> Marker | None:
    try:
        return Marker(**json.loads((var / "demo.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def forget(var: Path) -> None:
    """Erases what a demo keeps, and nothing else of the folder; refuses a folder whose database no demo began."""
    var.mkdir(parents=True, exist_ok=True)
    if any(var.glob("portevoix.sqlite3")) and not (var / BEGUN).exists():
        raise serving.CannotServe(
            f"{var} holds a database that is not the demo's. Choose another folder: PORTEVOIX_VAR=var-demo make demo."
        )
    (var / "demo.json").unlink(missing_ok=True)
    for file in var.glob("portevoix.sqlite3*"):
        file.unlink()
    for folder in ("media", "clicks"):
        shutil.rmtree(var / folder, ignore_errors=True)


def free_newsroom_port() -> int:
    """The usual port, or any free one when something else has it."""
    try:
        serving.check_port_free("127.0.0.1", NEWSROOM_PORT)
    except serving.CannotServe:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])
    return NEWSROOM_PORT


def greet(address: str) -> None:
    """Where to go, and as whom."""
    say(f"Portevoix: {address}\n")
    for person, does in zip(
        company.CAST,
        (
            "shares, on a phone",
            "writes the stories",
            "runs the programme",
            "keeps people and settings",
            "has two clients",
        ),
        strict=True,
    ):
        say(f"  {person.given_name:<6} {person.email:<34} {company.PASSWORD}   {does}")
    say("\nCtrl-C stops it; everything is kept. make demo FRESH=1 starts over.\n")


def say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()
