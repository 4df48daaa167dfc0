"""Look-ups never wait for a database, are never made twice at once, and never give what was before a change."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from front_bench import Client, Fronted, running_front
from portevoix.links.changes import Changes
from portevoix.links.codes import new_code
from portevoix.redirector import store as store_module
from portevoix.redirector.store import DatabaseAway, Row, SqliteSource
from redirector_bench import COMPANY, OPEN, STORY


class SlowSource(SqliteSource):
    """A database that answers when it is let, and counts what it is asked."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.asked: list[list[str]] = []
        self.may_answer = threading.Event()
        self.is_away = False
        self.may_answer.set()

    def links(self, codes: Sequence[str]) -> list[Row]:
        self.asked.append(list(codes))
        rows = super().links(codes)
        self.may_answer.wait(10)
        if self.is_away:
            raise DatabaseAway
        return rows


@pytest.fixture
def fronted(tmp_path: Path) -> Iterator[Fronted]:
    with running_front(tmp_path) as running:
        running.front.store.source = SlowSource(str(running.bench.path))
        yield running


@pytest.fixture
def source(fronted: Fronted) -> SlowSource:
    assert isinstance(fronted.front.store.source, SlowSource)
    return fronted.front.store.source


def test_link_wanted_by_many_is_asked_for_once(fronted: Fronted, source: SlowSource) -> None:
    source.may_answer.clear()
    clients = [fronted.client() for _ in range(20)]
    for client in clients:
        client.say(f"GET /r/{OPEN} HTTP/1.1\r\nHost: l\r\n\r\n".encode())
    time.sleep(0.2)
    source.may_answer.set()

    assert [client.hear().headers["Location"] for client in clients] == [STORY] * 20
    assert source.asked == [[OPEN]]
    for client in clients:
        client.close()


def test_known_links_are_answered_while_the_database_is_being_asked(
    fronted: Fronted, source: SlowSource
) -> None:
    fronted.ask(f"/r/{OPEN}")
    source.may_answer.clear()
    waiting = fronted.client()
    waiting.say(f"GET /r/{new_code()} HTTP/1.1\r\nHost: l\r\n\r\n".encode())
    time.sleep(0.1)

    known = fronted.ask(f"/r/{OPEN}").status
    source.may_answer.set()

    assert (known, waiting.hear().status) == (302, 404)
    waiting.close()


def test_what_came_meanwhile_is_asked_together(fronted: Fronted, source: SlowSource) -> None:
    source.may_answer.clear()
    codes = [new_code() for _ in range(5)]
    clients = [fronted.client() for _ in codes]
    for client, code in zip(clients, codes, strict=True):
        client.say(f"GET /r/{code} HTTP/1.1\r\nHost: l\r\n\r\n".encode())
        time.sleep(0.02)
    source.may_answer.set()

    assert [client.hear().status for client in clients] == [404] * 5
    assert [len(asked) for asked in source.asked] == [1, 4]
    for client in clients:
        client.close()


def test_unknown_code_is_remembered_as_such_for_a_moment(fronted: Fronted, source: SlowSource) -> None:
    code = new_code()
    for _ in range(5):
        fronted.ask(f"/r/{code}")

    assert source.asked == [[code]]


def test_known_links_go_on_while_the_database_is_away(
    fronted: Fronted, source: SlowSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    fronted.ask(f"/r/{OPEN}")
    source.is_away = True
    fronted.front.store.fresh_seconds = 0.05
    monkeypatch.setattr(store_module, "REST_SECONDS", 0.2)
    time.sleep(0.15)

    known = [fronted.ask(f"/r/{OPEN}").status for _ in range(20)]
    unknown = fronted.ask(f"/r/{new_code()}")
    source.is_away = False
    time.sleep(0.3)

    assert known == [302] * 20
    assert (unknown.status, unknown.headers["Retry-After"]) == (503, "60")
    assert fronted.ask(f"/r/{new_code()}").status == 404
    assert len(fronted.clicks()) == 21


def test_known_link_does_not_wait_long_for_a_database_that_hangs(
    fronted: Fronted, source: SlowSource
) -> None:
    fronted.ask(f"/r/{OPEN}")
    fronted.front.store.fresh_seconds = 0.05
    source.may_answer.clear()
    time.sleep(0.15)
    begun = time.monotonic()

    status = fronted.ask(f"/r/{OPEN}").status
    took = time.monotonic() - begun
    source.may_answer.set()

    assert (status, took < 2) == (302, True)


def test_change_made_while_the_link_was_read_is_not_overlooked(fronted: Fronted, source: SlowSource) -> None:
    changes = Changes(fronted.var)
    source.may_answer.clear()
    client = fronted.client()
    client.say(f"GET /r/{OPEN} HTTP/1.1\r\nHost: l\r\n\r\n".encode())
    time.sleep(0.2)
    fronted.bench.database.execute(
        "UPDATE links_link SET withdrawn_at = '2026-01-01' WHERE code = ?", (OPEN,)
    )
    changes.tell([OPEN])
    source.may_answer.set()

    assert client.hear().headers["Location"] == COMPANY
    assert fronted.ask(f"/r/{OPEN}").headers["Location"] == COMPANY
    client.close()
    changes.close()


EDITOR = """
import sqlite3, sys
from pathlib import Path
from portevoix.links.changes import Changes
var = Path(sys.argv[1])
database = sqlite3.connect(var / "portevoix.sqlite3", isolation_level=None)
changes = Changes(var)
for line in sys.stdin:
    statement, code, *values = line.rstrip("\\n").split("\\t")
    database.execute(statement, (*values, code))
    changes.tell([code])
    print("done", flush=True)
"""


def test_change_of_another_process_takes_effect_with_the_next_request(fronted: Fronted) -> None:
    """A thousand links, each asked for in vain, made, asked for, edited, withdrawn: none is ever answered as before."""
    editor = subprocess.Popen(
        [sys.executable, "-c", EDITOR, str(fronted.var)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    client, stale = fronted.client(), 0

    def change(statement: str, code: str, *values: str) -> None:
        assert editor.stdin is not None
        assert editor.stdout is not None
        editor.stdin.write("\t".join((statement, code, *values)) + "\n")
        editor.stdin.flush()
        assert editor.stdout.readline() == "done\n"

    for number in range(1000):
        code = new_code()
        stale += _leads(client, code) is not None
        change(
            "INSERT INTO links_link (organisation_id, destination, fallback, code) VALUES (7, ?, ?, ?)",
            code,
            f"https://a.example/{number}",
            COMPANY,
        )
        stale += _leads(client, code) != f"https://a.example/{number}"
        change("UPDATE links_link SET destination = ? WHERE code = ?", code, f"https://b.example/{number}")
        stale += _leads(client, code) != f"https://b.example/{number}"
        change("UPDATE links_link SET withdrawn_at = '2026-01-01' WHERE code = ?", code)
        stale += _leads(client, code) != COMPANY
    editor.communicate()
    client.close()

    assert stale == 0


def _leads(client: Client, code: str) -> str | None:
    return client.ask(f"/r/{code}").headers.get("Location")


def test_who_missed_more_changes_than_are_kept_believes_nothing(fronted: Fronted, source: SlowSource) -> None:
    changes = Changes(fronted.var)
    fronted.ask(f"/r/{OPEN}")
    fronted.bench.database.execute(
        "UPDATE links_link SET destination = 'https://new.example/' WHERE code = ?", (OPEN,)
    )
    changes.tell([OPEN, *(new_code() for _ in range(3000))])

    assert fronted.ask(f"/r/{OPEN}").headers["Location"] == "https://new.example/"
    changes.close()
