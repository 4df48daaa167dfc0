"""Attacks through what we fetch for others: none of these may reach a server of this machine."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from cast import Cast
from portevoix.core.errors import Refusal
from portevoix.core.http import Door
from portevoix.library.actions.fetching import fetch_card
from portevoix.library.actions.sources import add_source
from portevoix.library.actions.starting import start_story
from portevoix.library.models import Source, Story

FORMS = [
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://0.0.0.0:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f.1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://localhost.:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "http://\uff11\uff12\uff17.0.0.1:{port}/",
]


@pytest.fixture
def hits() -> Iterator[list[str]]:
    """What a server of this machine was asked for; the last item is its port."""
    seen: list[str] = []

    class Canary(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Canary)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    seen.append(str(server.server_port))
    yield seen
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("form", FORMS)
def test_pasted_link_reaches_nothing_inside(cast: Cast, now: datetime, hits: list[str], form: str) -> None:
    with suppress(Refusal):  # some forms are no address at all
        start_story(author=cast.ines, link=form.format(port=hits[0]), now=now, door=Door())

    assert len(hits) == 1
    assert set(Story.objects.values_list("fetch_problem", flat=True)) <= {"address_refused", "unreachable"}


@pytest.mark.parametrize("form", FORMS)
def test_picture_of_a_page_reaches_nothing_inside(hits: list[str], form: str) -> None:
    assert fetch_card(form.format(port=hits[0]), Door()) is None
    assert len(hits) == 1


@pytest.mark.parametrize("form", FORMS[:4])
def test_source_reaches_nothing_inside(cast: Cast, now: datetime, hits: list[str], form: str) -> None:
    source = add_source(
        organisation=cast.atlas, person=cast.ines, address=form.format(port=hits[0]), now=now, door=Door()
    )

    assert Source.objects.get(pk=source.pk).problem in ("address_refused", "unreachable")
    assert len(hits) == 1


def test_stand_in_serves_its_own_name_alone(hits: list[str]) -> None:
    door = Door(stand_ins={"atlas.example": ("127.0.0.1", int(hits[0]))})

    door.get("https://atlas.example/mine")
    fetch_card(f"http://127.0.0.1:{hits[0]}/theirs", door)

    assert hits[1:] == ["/mine"]
