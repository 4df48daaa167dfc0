"""The processes of one installation: the web (redirector in front, Django behind) and the worker, started together.

The worker is a child process of the server; whichever way the server ends, the worker notices and ends too.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from types import FrameType
from typing import Any

from portevoix import env

PARENT = "PORTEVOIX_PARENT"


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
    """Runs web and worker until SIGTERM or SIGINT."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    check_port_free(environment.bind, environment.port)
    with _Worker():
        Granian(
            "portevoix.wsgi:application",
            address=environment.bind,
            port=environment.port,
            interface=Interfaces.WSGI,
            blocking_threads=environment.threads,
            backpressure=environment.threads * 8,
            respawn_failed_workers=True,
            log_level=LogLevels.warning,
        ).serve()


class _Worker:
    """The worker process beside the server: started again if it dies, stopped with the server."""

    def __enter__(self) -> "_Worker":
        self.ending = threading.Event()
        self.process = self._start()
        threading.Thread(target=self._keep_alive, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def _start(self) -> "subprocess.Popen[bytes]":
        environ = {**os.environ, PARENT: str(os.getpid())}
        return subprocess.Popen([sys.executable, "-m", "portevoix", "worker"], env=environ)

    def _keep_alive(self) -> None:
        while not self.ending.wait(2):
            if self.process.poll() is not None:
                self.process = self._start()


def work(environment: env.Environment) -> None:
    """Runs the worker until SIGTERM, SIGINT, or the end of the server that started it; it ends within ten seconds."""
    from portevoix.schedule import ROWS, SWEEPS

    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    if parent := os.environ.get(PARENT):
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
