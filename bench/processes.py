"""Processes that are forked from one that has everything imported already, so that a fresh one is there at once.

Whoever forks has one thread and no connection open. Whatever was forked ends with its parent, however that ends.
"""

import ctypes
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Has the kernel kill this process when its parent ends, or ends it now if that has happened."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == 1:
        os._exit(1)


def fork(run: Callable[[], object], log: Path) -> int:
    """Runs that in a process of its own, whose number it gives; what it prints goes to the log."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if not pid:
        _live(run, log)
    return pid


def _live(run: Callable[[], object], log: Path) -> NoReturn:
    try:
        end_with_parent()
        written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(written, 1)
        os.dup2(written, 2)
        run()
        sys.stdout.flush()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def told_by_child(run: Callable[[], object], log: Path, *, seconds: float) -> Any:
    """What that gives, as JSON, run in a process of its own that has so many seconds."""
    answer = log.with_suffix(".answer")
    pid = fork(lambda: answer.write_text(json.dumps(run())), log)
    until = time.monotonic() + seconds
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            break
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise RuntimeError(f"Not done within {seconds:.0f} s. {log.read_text()[-2000:]}")
        time.sleep(0.01)
    if status:
        raise RuntimeError(log.read_text()[-4000:])
    return json.loads(answer.read_text())
