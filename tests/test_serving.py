"""The processes of an installation: whoever dies is started again, and all end together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from portevoix import env, serving
from redirector_bench import OPEN, STORY, Bench


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def ask(port: int, path: str) -> tuple[int, str]:
    """The status and the Location; (0, "") when nobody is there."""
    try:
        with urllib.request.build_opener(NoRedirect).open(
            f"http://127.0.0.1:{port}{path}", timeout=10
        ) as answered:
            return answered.status, ""
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers.get("Location", "")
    except OSError:
        return 0, ""


def wait_until_it_answers(port: int, path: str, seconds: float = 30.0) -> None:
    until = time.monotonic() + seconds
    while ask(port, path)[0] in (0, 502):
        assert time.monotonic() < until
        time.sleep(0.1)


def children_of(pid: int, word: str) -> list[int]:
    """The processes that one started with a word in their command."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    fields = [line.split(None, 2) for line in listed.splitlines()]
    return [int(one[0]) for one in fields if int(one[1]) == pid and f"portevoix {word}" in one[2]]


@pytest.fixture
def var(tmp_path: Path) -> Path:
    bench = Bench(tmp_path / "portevoix.sqlite3", tmp_path / "unused")
    bench.database.execute("UPDATE links_link SET expires_at = '2126-12-24 09:00:00' WHERE code = ?", (OPEN,))
    bench.database.close()
    return tmp_path


@pytest.fixture
def running(var: Path, request: pytest.FixtureRequest) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    port = free_port()
    words, told = request.param
    environ = {
        **os.environ,
        "PORTEVOIX_VAR": str(var),
        "PORTEVOIX_PORT": str(port),
        "DATABASE_URL": "",
        **told,
    }
    process = subprocess.Popen([sys.executable, "-m", "portevoix", *words], env=environ)
    try:
        yield process, port
    finally:
        process.kill()
        process.wait(10)


@pytest.mark.slow
@pytest.mark.parametrize("running", [(["redirect"], {"PORTEVOIX_REDIRECT_PROCESSES": "2"})], indirect=True)
def test_front_that_dies_is_started_again_and_nobody_is_refused(
    running: tuple["subprocess.Popen[bytes]", int],
) -> None:
    process, port = running
    wait_until_it_answers(port, f"/r/{OPEN}")
    before = children_of(process.pid, "redirect")

    for pid in before:
        os.kill(pid, signal.SIGKILL)
    answered = [ask(port, f"/r/{OPEN}") for _ in range(20)]
    after = children_of(process.pid, "redirect")

    assert answered == [(302, STORY)] * 20
    assert (len(before), set(before) & set(after)) == (2, set())


@pytest.mark.slow
@pytest.mark.parametrize(
    "running", [(["redirect"], {}), (["redirect"], {"PORTEVOIX_REDIRECT_PROCESSES": "2"})], indirect=True
)
def test_links_alone_end_within_ten_seconds(running: tuple["subprocess.Popen[bytes]", int]) -> None:
    process, port = running
    wait_until_it_answers(port, f"/r/{OPEN}")
    idle = socket.create_connection(("127.0.0.1", port))
    elsewhere = ask(port, "/studio")[0]

    process.terminate()

    assert (process.wait(10), elsewhere) == (0, 404)
    assert ask(port, f"/r/{OPEN}") == (0, "")
    idle.close()


SERVE = "from portevoix import env, serving; serving.serve(env.read())"


@pytest.mark.slow
def test_front_pages_and_worker_begin_and_end_together(var: Path) -> None:
    port = free_port()
    environ = {**os.environ, "PORTEVOIX_VAR": str(var), "PORTEVOIX_PORT": str(port), "DATABASE_URL": ""}
    process = subprocess.Popen([sys.executable, "-c", SERVE], env=environ, start_new_session=True)
    try:
        wait_until_it_answers(port, "/sign-in")
        link, page = ask(port, f"/r/{OPEN}"), ask(port, "/sign-in")[0]
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(15)
    finally:
        process.kill()

    # The pages have no tables here: that they say so shows that they were asked.
    assert (link, page in (200, 302, 500)) == ((302, STORY), True)
    assert time.monotonic() - begun < 10
    assert ask(port, "/sign-in") == (0, "")


@pytest.mark.slow
def test_server_that_is_killed_leaves_nobody_behind_on_its_port(var: Path) -> None:
    port = free_port()
    environ = {**os.environ, "PORTEVOIX_VAR": str(var), "PORTEVOIX_PORT": str(port), "DATABASE_URL": ""}
    process = subprocess.Popen([sys.executable, "-c", SERVE], env=environ)
    try:
        wait_until_it_answers(port, "/sign-in")
    finally:
        process.kill()
        process.wait(10)

    until = time.monotonic() + 15
    while ask(port, f"/r/{OPEN}") != (0, "") and time.monotonic() < until:
        time.sleep(0.2)
    time.sleep(2)
    serving.check_port_free("127.0.0.1", port)


def test_port_that_is_taken_is_said_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(serving.CannotServe, match=f"Port {port} on 127.0.0.1"):
            serving.redirect(env.read({"PORTEVOIX_PORT": str(port)}))


def test_links_alone_need_their_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)

    with pytest.raises(serving.CannotServe, match="uvloop"):
        serving.redirect(env.read({}))
