"""Links that opted in tell their destination which click it was; the others are answered as before."""

from pathlib import Path

import pytest

from front_bench import running_front
from portevoix.links.click_ids import Key
from redirector_bench import CLICK_SECRET, COMPANY, MOMENT, OPEN, STORY, WITHDRAWN, Bench

KEY = Key(CLICK_SECRET)


def test_destination_is_told_of_the_click(bench: Bench) -> None:
    bench.opt_in(OPEN)

    first, second = (bench.ask(f"/r/{OPEN}").headers["Location"] for _ in range(2))

    page, _, told = first.partition("&pv=")
    said = KEY.read(told)
    assert page == STORY
    assert said is not None
    assert (said.link_id, said.at_ms) == (1, int(MOMENT * 1000))
    assert first != second
    assert {click.at_ms for click in bench.clicks()} == {said.at_ms}


def test_link_that_did_not_opt_in_is_left_alone(bench: Bench) -> None:
    bench.opt_in(WITHDRAWN)

    assert bench.ask(f"/r/{OPEN}").headers["Location"] == STORY


def test_company_page_of_a_closed_story_is_told_nothing(bench: Bench) -> None:
    bench.opt_in(WITHDRAWN)

    assert bench.ask(f"/r/{WITHDRAWN}").headers["Location"] == COMPANY


def test_link_without_a_key_still_leads(bench: Bench) -> None:
    bench.database.execute("UPDATE links_link SET carries_click_id = 1")

    assert bench.ask(f"/r/{OPEN}").headers["Location"] == STORY


def test_new_key_takes_effect(bench: Bench) -> None:
    bench.opt_in(OPEN)
    bench.ask(f"/r/{OPEN}")
    bench.opt_in(OPEN, b"n" * 32)
    bench.clock.moment += 60

    told = bench.ask(f"/r/{OPEN}").headers["Location"].partition("&pv=")[2]

    assert (KEY.read(told), Key(b"n" * 32).read(told) is None) == (None, False)


@pytest.mark.parametrize("more", ["", "Connection: close"])
def test_front_tells_of_the_click_as_well(tmp_path: Path, more: str) -> None:
    with running_front(tmp_path) as running:
        running.bench.opt_in(OPEN)
        client = running.client()
        answers = [client.ask(f"/r/{OPEN}") for _ in range(3)] + [
            client.ask(f"/r/{OPEN}", "GET", *more.split("\n"))
        ]
        clicks = running.clicks()
        client.close()

    told = [answer.headers["Location"].partition("&pv=")[2] for answer in answers]
    said = [KEY.read(text) for text in told]
    assert [one.at_ms for one in said if one] == [click.at_ms for click in clicks]
    assert len(set(told)) == len(answers)
    assert {answer.headers["Content-Length"] for answer in answers} == {"0"}
    assert {answer.headers["Cache-Control"] for answer in answers} == {"private, no-store"}
