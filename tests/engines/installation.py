"""An installation of its own for engines: a database file, or a PostgreSQL database made for it, and worker processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg
from django.db import connection


@dataclass
class Installation:
    """Where it lives, and the workers that were started."""

    folder: Path
    environ: dict[str, str]
    workers: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def run(self, script: str) -> str:
        """Runs a few lines with Django set up; gives what they print."""
        prepared = f"import django; django.setup()\n{script}"
        done = subprocess.run(
            [sys.executable, "-c", prepared], env=self.environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run_together(self, scripts: list[str]) -> list[str]:
        """Runs them at the same time, a process each; gives what each prints."""
        with ThreadPoolExecutor(len(scripts)) as pool:
            return list(pool.map(self.run, scripts))

    def manage(self, *words: str) -> None:
        subprocess.run([sys.executable, "-m", "portevoix", "manage", *words], env=self.environ, check=True)

    def start_worker(self) -> "subprocess.Popen[bytes]":
        """A worker process; what it prints, mail included, goes to the log."""
        with self.log.open("ab") as printed:
            worker = subprocess.Popen(
                [sys.executable, "-m", "portevoix", "worker"],
                env=self.environ,
                stdout=printed,
                stderr=printed,
            )
        self.workers.append(worker)
        return worker

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    def wait_for(self, what: str, *, seconds: float, until: Callable[[], bool]) -> None:
        """Waits until something is so; the log says why when it is not."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if until():
                return
            time.sleep(0.1)
        raise AssertionError(f"{what}: not within {seconds} s\n{self.log.read_text()[-4000:]}")


@contextmanager
def installed(folder: Path, engine: str) -> Iterator[Installation]:
    """An installation on the kind of database that the suite runs on, migrated; its workers are ended after the block."""
    with database(folder) as url:
        environ = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portevoix.settings",
            "DATABASE_URL": url,
            "PORTEVOIX_ENGINE": engine,
            "PORTEVOIX_WORKER_THREADS": "4",
            "PORTEVOIX_VAR": str(folder),
            "PYTHONUNBUFFERED": "1",
        }
        place = Installation(folder, environ)
        place.manage("migrate", "-v0")
        try:
            yield place
        finally:
            for worker in place.workers:
                worker.send_signal(signal.SIGKILL)
                worker.wait(10)


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """The address of a fresh database of the kind that the suite runs on."""
    if connection.vendor != "postgresql":
        yield f"sqlite:///{folder / 'rows.sqlite3'}"
        return
    settings, name = connection.settings_dict, f"portevoix_engine_{uuid4().hex[:8]}"
    facts = {"host": settings["HOST"], "user": settings["USER"], "password": settings["PASSWORD"]}
    port = settings["PORT"] or "5432"
    with psycopg.connect(**facts, port=port, dbname="postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            secret = f":{facts['password']}" if facts["password"] else ""
            yield f"postgres://{facts['user']}{secret}@{facts['host']}:{port}/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
