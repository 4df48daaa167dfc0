"""The processes of one installation, started together: the front (tracked links), the pages behind it, and the worker.

The pages run under granian, on a socket that only the front may use. Front and worker are child processes of the server;
whichever way the server ends, they notice and end too. Where there is no uvloop, and so no front, granian answers to the
world itself, with the redirector as WSGI before the pages.
"""

import asyncio
import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Any

from portevoix import env
from portevoix.redirector import front
from portevoix.redirector.handover import Behind


class CannotServe(RuntimeError):
    """The server cannot start; the sentence says what to do."""


def check_port_free(bind: str, port: int) -> None:
    """Refuses, in a sentence, when something already listens there."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise CannotServe(
                f"Port {port} on {bind} cannot be used ({error.strerror}). "
                f"Stop what listens there, or choose another: PORTEVOIX_PORT={port + 1} (make demo PORT={port + 1})."
            ) from error


def serve(environment: env.Environment) -> None:
    """Runs the front, the pages and the worker until SIGTERM or SIGINT; it ends within ten seconds."""
    check_port_free(environment.bind, environment.port)
    if not front.is_possible():
        with _Child("worker"):
            _pages(environment, address=environment.bind, port=environment.port)
        return
    # A folder that nobody else may enter, so that nobody else may knock at the pages.
    with tempfile.TemporaryDirectory(prefix="portevoix-") as folder, ExitStack() as children:
        socket_path = Path(folder) / "pages"
        os.environ[env.FRONT_SECRET] = secrets.token_urlsafe(32)
        os.environ[env.PARENT] = str(os.getpid())
        children.enter_context(_Child("worker"))
        _start_fronts(environment, children, {env.BEHIND: str(socket_path)})
        _pages(environment, uds=socket_path, uds_permissions=0o600)


def redirect(environment: env.Environment) -> None:
    """Answers tracked links alone, without pages, until SIGTERM or SIGINT."""
    if not front.is_possible():
        raise CannotServe(
            "Tracked links alone need uvloop, which this machine does not have: portevoix serve works."
        )
    if told := os.environ.get(env.LISTENING):
        front.run(environment, socket.socket(fileno=int(told)), _behind(), until=_end_with_parent)
        return
    check_port_free(environment.bind, environment.port)
    if environment.redirect_processes == 1:
        front.run(environment, front.listen(environment.bind, environment.port), None)
        return
    ending = _ending()
    with ExitStack() as children:
        _start_fronts(environment, children, {})
        ending.wait()


def _pages(environment: env.Environment, **where: Any) -> None:
    """Django under granian, until SIGTERM or SIGINT."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "portevoix.wsgi:application",
        interface=Interfaces.WSGI,
        blocking_threads=environment.threads,
        backpressure=environment.threads * 8,
        respawn_failed_workers=True,
        workers_kill_timeout=4,
        log_level=LogLevels.warning,
        **where,
    ).serve()


def _start_fronts(environment: env.Environment, children: ExitStack, told: dict[str, str]) -> None:
    """Each front has a socket of its own, which outlives it here: who connects while it starts again waits, no more."""
    count = environment.redirect_processes
    for number in range(count):
        listening = front.listen(environment.bind, environment.port, shared=count > 1)
        children.enter_context(listening)
        metrics = environment.metrics_port + number if environment.metrics_port else ""
        own = {env.LISTENING: str(listening.fileno()), "PORTEVOIX_METRICS_PORT": str(metrics)}
        children.enter_context(_Child("redirect", {**told, **own}))


def _behind() -> Behind | None:
    path = os.environ.get(env.BEHIND)
    return Behind(path, os.environ[env.FRONT_SECRET]) if path else None


class _Child:
    """A process beside this one, of the same command: started again if it dies, stopped when this one ends."""

    def __init__(self, command: str, told: Mapping[str, str] | None = None) -> None:
        self._command = command
        self._told = dict(told or {})
        self._ending = threading.Event()

    def __enter__(self) -> "_Child":
        self._process = self._start()
        threading.Thread(target=self._keep_alive, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _start(self) -> "subprocess.Popen[bytes]":
        environ = {**os.environ, **self._told, env.PARENT: str(os.getpid())}
        passed = [int(self._told[env.LISTENING])] if env.LISTENING in self._told else []
        words = [sys.executable, "-m", "portevoix", self._command]
        return subprocess.Popen(words, env=environ, pass_fds=passed)

    def _keep_alive(self) -> None:
        while not self._ending.wait(0.2):
            if self._process.poll() is not None:
                self._process = self._start()
                self._ending.wait(1)  # what dies at once is not started in a rush


def _ending() -> threading.Event:
    """What SIGTERM and SIGINT set."""
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    return stop


def work(environment: env.Environment) -> None:
    """Runs the worker until SIGTERM, SIGINT, or the end of the server that started it; it ends within ten seconds."""
    from portevoix.schedule import ROWS, SWEEPS

    stop = _ending()
    if parent := os.environ.get(env.PARENT):
        threading.Thread(target=_end_with, args=(int(parent), stop), daemon=True).start()
    _engine(environment.engine)(ROWS, SWEEPS, threads=environment.worker_threads, stop=stop).run()
    logging.shutdown()
    # What did not end in its seconds is cut off: its rows are found again when their leases run out.
    os._exit(0)


def _engine(name: str) -> Any:
    if name == "procrastinate":
        from portevoix.core.engines import procrastinating

        return procrastinating.Engine
    from portevoix.core.engines import embedded

    return embedded.Engine


def _end_with(parent: int, stop: threading.Event) -> None:
    """A server killed outright cannot tell its worker: the worker's parent changes."""
    while not stop.wait(1):
        if os.getppid() != parent:
            stop.set()


def _end_with_parent(loop: asyncio.AbstractEventLoop, ending: asyncio.Event) -> None:
    stop = threading.Event()

    def watch() -> None:
        _end_with(int(os.environ[env.PARENT]), stop)
        loop.call_soon_threadsafe(ending.set)

    threading.Thread(target=watch, daemon=True).start()
