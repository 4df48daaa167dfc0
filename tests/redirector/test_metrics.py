"""What a front has counted is told on a port of its own."""

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from front_bench import Client, Fronted, running_front
from portevoix.links import counted
from portevoix.links.codes import new_code
from portevoix.redirector import spool as spool_module
from redirector_bench import OPEN


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def fronted(tmp_path: Path, port: int) -> Iterator[Fronted]:
    with running_front(tmp_path, PORTEVOIX_METRICS_PORT=str(port)) as running:
        running.ask("/")  # it has begun
        yield running


def told(port: int, path: str) -> tuple[int, str]:
    client = Client(port)
    try:
        answered = client.ask(path)
    finally:
        client.close()
    return answered.status, answered.body.decode()


def test_metrics_count_answers_clicks_and_look_ups(
    fronted: Fronted, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        fronted.ask(f"/r/{OPEN}")
    fronted.ask(f"/r/{new_code()}")
    with monkeypatch.context() as disk:
        disk.setattr(spool_module.os, "write", lambda file, data: 0)
        fronted.ask(f"/r/{OPEN}")

    status, text = told(port, "/metrics")

    found = dict(re.findall(r"^portevoix_redirect_(\S+) (\S+)$", text, re.MULTILINE))
    assert status == 200
    assert (found['answers_total{status="302"}'], found['answers_total{status="404"}']) == ("4", "2")
    assert (found["clicks_written_total"], found["clicks_lost_total"]) == ("3", "1")
    assert (found["links_remembered"], found["link_hits_total"]) == ("1", "5")
    assert float(found["sync_lag_seconds"]) < 5
    assert [
        line
        for line in text.splitlines()
        if not re.fullmatch(r"# (HELP|TYPE) .+|[a-z_]+(\{.+\})? [0-9.]+", line)
    ] == []


def test_health_says_what_fails(fronted: Fronted, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    well = told(port, "/health")
    with monkeypatch.context() as disk:
        disk.setattr(spool_module.os, "write", lambda file, data: 0)
        fronted.ask(f"/r/{OPEN}")
    losing = told(port, "/health")
    fronted.ask(f"/r/{OPEN}")

    assert (well, losing) == ((200, "ok\n"), (503, "clicks cannot be written\n"))
    assert told(port, "/health") == (200, "ok\n")
    assert told(port, "/r/") == (404, "")


def test_health_names_a_database_that_is_away(fronted: Fronted, port: int) -> None:
    fronted.bench.database.execute("DROP TABLE links_link")
    fronted.ask(f"/r/{OPEN}")

    assert told(port, "/health") == (503, "the database is away\n")


def test_port_that_is_taken_does_not_stop_the_links(tmp_path: Path, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with running_front(tmp_path, PORTEVOIX_METRICS_PORT=str(port)) as fronted:
            assert fronted.ask(f"/r/{OPEN}").status == 302


def test_metrics_tell_how_far_figures_are_behind(fronted: Fronted, port: int, tmp_path: Path) -> None:
    def lag() -> float:
        _status, text = told(port, "/metrics")
        found = re.search(r"^portevoix_redirect_figures_lag_seconds (\S+)$", text, re.MULTILINE)
        assert found is not None
        return float(found[1])

    fronted.ask(f"/r/{OPEN}")
    before = lag()
    counted.tell(tmp_path, int(time.time() * 1000) - 90_000)
    behind = lag()
    counted.tell(tmp_path, int(time.time() * 1000) + 1000)

    assert (before, lag()) == (0.0, 0.0)
    assert 89 < behind < 150
