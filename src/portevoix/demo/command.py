"""`portevoix demo`: migrates, seeds once, starts everything, and says where to go.

The demo lives in the folder of `PORTEVOIX_VAR`; `demo.json` there is written last, so a first run that was interrupted
starts over. Its sources and articles are a small newsroom, and its social network is Agora: this command serves both.
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
from portevoix.demo.agora import server as agora
from portevoix.demo.agora.network import Agora
from portevoix.demo.newsroom import server as newsroom

NEWSROOM_PORT = 8010
AGORA_PORT = 8011
AGORA_FILE = "agora.json"
BEGUN = "demo.begun"  # this folder is the demo's to erase


@dataclass(frozen=True)
class Marker:
    """What a finished seeding leaves: where the newsroom and Agora must answer, because links and posts lead there.

    `agora_port` is 0 in the marker of a demo made before there was an Agora.
    """

    newsroom_port: int
    agora_port: int = 0


def run(*, fresh: bool) -> int:
    """Runs the demo until it is stopped; `fresh` forgets everything first."""
    os.environ["DATABASE_URL"] = ""  # the demo never touches a real database
    os.environ.setdefault("PORTEVOIX_DEMO", "yes")
    port = os.environ.get("PORTEVOIX_PORT", "8000")
    os.environ.setdefault("PORTEVOIX_ADDRESS", f"http://127.0.0.1:{port}")
    environment = env.read()
    serving.check_port_free(environment.bind, environment.port)
    kept = None if fresh else read_marker(environment.var)
    marker = chosen_ports(kept)
    if kept is None:
        forget(environment.var)
        (environment.var / BEGUN).touch()
    stand_ins = play(marker, environment)
    os.environ["PORTEVOIX_STAND_INS"] = ",".join(f"{host}={ip}:{at}" for host, (ip, at) in stand_ins.items())
    prepare(is_new=kept is None)
    if marker != kept:
        (environment.var / "demo.json").write_text(json.dumps(asdict(marker)))
    greet(environment.address, marker.agora_port)
    serving.serve(env.read())
    return 0


def chosen_ports(kept: Marker | None) -> Marker:
    """The ports of the last time, which must be free; or the usual ones, or any that are."""
    newsroom_port = kept.newsroom_port if kept else free_port(NEWSROOM_PORT)
    marker = Marker(newsroom_port, (kept.agora_port if kept else 0) or free_port(AGORA_PORT))
    for port in (marker.newsroom_port, marker.agora_port):
        serving.check_port_free("127.0.0.1", port)
    return marker


def play(marker: Marker, environment: env.Environment) -> dict[str, tuple[str, int]]:
    """Plays the newsroom and Agora; gives their stand-ins."""
    newsroom.serve(marker.newsroom_port)
    network = Agora(file=environment.var / AGORA_FILE)
    agora.serve(marker.agora_port, agora=network, allowed_redirects=(environment.address,))
    return {**newsroom.stand_ins(marker.newsroom_port), **agora.stand_ins(marker.agora_port)}


def prepare(*, is_new: bool) -> None:
    """A database that is up to date, and seeded."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portevoix.settings")
    import django

    django.setup()
    from django.core.management import call_command

    if is_new or waiting_migrations():
        call_command("migrate", verbosity=0, interactive=False)
    if is_new:
        seed_once()


def waiting_migrations() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def seed_once() -> None:
    """Makes the company; `demo-logins.json` beside it is what the sign-in page offers."""
    from django.conf import settings
    from django.test.utils import override_settings

    from portevoix.demo.seed import seed

    began = time.monotonic()
    say("Making a company, and eight weeks of its life…")
    # The invitations of the past were sent in the past: nothing is mailed now.
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        seed(lambda step: say(f"  · {step}"))
    logins = json.dumps(log_ins(), ensure_ascii=False)
    (settings.ENVIRONMENT.var / "demo-logins.json").write_text(logins, "utf-8")
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
    for name in ("demo.json", AGORA_FILE):
        (var / name).unlink(missing_ok=True)
    for file in var.glob("portevoix.sqlite3*"):
        file.unlink()
    for folder in ("media", "clicks"):
        shutil.rmtree(var / folder, ignore_errors=True)


def free_port(usual: int) -> int:
    """The usual port, or any free one when something else has it."""
    try:
        serving.check_port_free("127.0.0.1", usual)
    except serving.CannotServe:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])
    return usual


def greet(address: str, agora_port: int) -> None:
    """Where to go, and as whom."""
    say(f"Portevoix: {address}")
    say(f"Agora:     {agora.address(agora_port)}   an invented network, to connect accounts to\n")
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
