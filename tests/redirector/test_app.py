"""What a visitor, a robot and an attacker get from a tracked link."""

from datetime import datetime
from pathlib import Path

import pytest

from portevoix.links.codes import new_code
from portevoix.links.segments import Device, Flag
from portevoix.redirector import spool as spool_module
from redirector_bench import COMPANY, EXPIRED, OPEN, STORY, WITHDRAWN, Bench

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) AppleWebKit/605.1.15 Version/18 Mobile/15E148 Safari/604.1"


def test_link_leads_to_its_destination_without_being_remembered(bench: Bench) -> None:
    answered = bench.ask(f"/r/{OPEN}")

    assert answered.status == "302 Found"
    assert answered.headers == {
        "Location": STORY,
        "Cache-Control": "private, no-store",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Content-Length": "0",
    }
    assert answered.body == b""


def test_click_is_written_before_the_answer_leaves(bench: Bench) -> None:
    seen_at_start: list[int] = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": f"/r/{OPEN}"}

    bench.app(environ, lambda status, headers: seen_at_start.append(len(bench.clicks())))

    assert seen_at_start == [1]


def test_click_holds_what_was_seen_and_no_address(bench: Bench) -> None:
    bench.ask(
        f"/r/{OPEN}",
        HTTP_USER_AGENT=PHONE,
        HTTP_REFERER="https://www.LinkedIn.com:443/feed/?secret=1",
        HTTP_ACCEPT_LANGUAGE="fr-MA,fr;q=0.9,ar;q=0.5",
        HTTP_X_FORWARDED_FOR="203.0.113.77",
    )

    [click] = bench.clicks()
    assert (click.at_ms, click.link_id, click.organisation_id, click.code) == (1_795_510_800_000, 1, 7, OPEN)
    assert (click.referrer, click.language, click.device) == ("www.linkedin.com", "fr", Device.PHONE)
    assert (click.agent, click.flags) == (PHONE, Flag(0))
    assert len(click.visitor) == 16
    assert all(b"203.0.113" not in path.read_bytes() for path in bench.folder.iterdir())


def test_visitor_is_the_same_within_a_network_and_other_elsewhere(bench: Bench) -> None:
    for address in ("203.0.113.77", "203.0.113.78", "198.51.100.1"):
        bench.ask(f"/r/{OPEN}", HTTP_USER_AGENT=PHONE, HTTP_X_FORWARDED_FOR=address)

    first, neighbour, other = (click.visitor for click in bench.clicks())
    assert first == neighbour
    assert first != other


def test_forwarded_address_of_a_stranger_is_ignored(bench: Bench) -> None:
    for forged in ("203.0.113.77", "198.51.100.1"):
        bench.ask(f"/r/{OPEN}", REMOTE_ADDR="192.0.2.9", HTTP_X_FORWARDED_FOR=forged)

    first, second = (click.visitor for click in bench.clicks())
    assert first == second


def test_visitor_is_another_one_from_the_moment_that_the_period_is_over(bench: Bench) -> None:
    bench.add_secret(b"d" * 32, "2026-12-01 00:00:00", "2027-01-01 00:00:00")
    for moment in (
        "2026-11-30T23:59:58",
        "2026-11-30T23:59:59.999",
        "2026-12-01T00:00:00",
        "2026-12-31T23:59:59",
    ):
        bench.clock.moment = datetime.fromisoformat(f"{moment}+00:00").timestamp()
        bench.ask(f"/r/{OPEN}", HTTP_USER_AGENT="Firefox")

    first, second, third, fourth = (click.visitor for click in bench.clicks())
    assert (first == second, second == third, third == fourth) == (True, False, True)


def test_visitor_is_nobody_without_a_secret(bench: Bench) -> None:
    bench.database.execute("DELETE FROM links_visitorperiod")

    answered = bench.ask(f"/r/{OPEN}", HTTP_USER_AGENT=PHONE)

    assert answered.status == "302 Found"
    assert [click.visitor for click in bench.clicks()] == [""]


@pytest.mark.parametrize("code", [WITHDRAWN, EXPIRED])
def test_closed_story_leads_to_the_company_and_is_marked(bench: Bench, code: str) -> None:
    answered = bench.ask(f"/r/{code}")

    assert (answered.status, answered.headers["Location"]) == ("302 Found", COMPANY)
    assert [click.flags for click in bench.clicks()] == [Flag.CLOSED]


def test_head_is_answered_without_body_and_recorded_as_such(bench: Bench) -> None:
    answered = bench.ask(f"/r/{OPEN}", "HEAD")

    assert (answered.status, answered.headers["Location"], answered.body) == ("302 Found", STORY, b"")
    assert [click.flags for click in bench.clicks()] == [Flag.HEAD]


@pytest.mark.parametrize(
    ("header", "value"),
    [("HTTP_SEC_PURPOSE", "prefetch;prerender"), ("HTTP_PURPOSE", "prefetch"), ("HTTP_X_MOZ", "prefetch")],
)
def test_fetching_ahead_is_recorded_as_such(bench: Bench, header: str, value: str) -> None:
    bench.ask(f"/r/{OPEN}", **{header: value})

    assert [click.flags for click in bench.clicks()] == [Flag.PREFETCH]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "get", ""])
def test_other_methods_are_not_allowed(bench: Bench, method: str) -> None:
    answered = bench.ask(f"/r/{OPEN}", method)

    assert (answered.status, answered.headers["Allow"]) == ("405 Method Not Allowed", "GET, HEAD")
    assert bench.clicks() == []


@pytest.mark.parametrize("path", ["/", "/r", "/rr/x", "/studio/r/x", "", "/R/" + OPEN])
def test_everything_else_goes_behind(bench: Bench, path: str) -> None:
    assert bench.ask(path).body == b"behind"


@pytest.mark.parametrize(
    ("wanted", "first"), [("en-GB,en;q=0.9", "en"), ("ar-MA", "ar"), ("de,ar;q=0.1", "ar"), ("", "fr")]
)
def test_unknown_code_gets_a_page_in_three_languages(bench: Bench, wanted: str, first: str) -> None:
    answered = bench.ask(f"/r/{new_code()}", HTTP_ACCEPT_LANGUAGE=wanted)

    page = answered.body.decode()
    assert (answered.status, answered.headers["Content-Length"]) == ("404 Not Found", str(len(answered.body)))
    assert page.startswith(f'<!doctype html><html lang="{first}" dir="{"rtl" if first == "ar" else "ltr"}">')
    assert [f'<section lang="{language}"' in page for language in ("fr", "en", "ar")] == [True, True, True]
    assert bench.clicks() == []


def test_unknown_code_asked_by_head_has_no_body(bench: Bench) -> None:
    assert bench.ask(f"/r/{new_code()}", "HEAD").body == b""


@pytest.mark.parametrize(
    "path",
    [
        "/r/",
        "/r//",
        "/r/" + "a" * 1_000_000,
        "/r/\x00\x00\x00\x00\x00\x00\x00\x00\x00",
        "/r/../../etc/passwd",
        "/r/رابط-قصير",
        "/r/ＡＢＣＤＥＦＧＨＪ",
        "/r/" + OPEN + "\r\nSet-Cookie: a=b",
        "/r/" + OPEN + "/more",
        "/r/" + OPEN[:-1] + ("2" if OPEN[-1] != "2" else "3"),
        "/r/' OR 1=1",
        "/r/\udcff\udcff\udcff\udcff\udcff\udcff\udcff",
    ],
)
def test_what_cannot_be_a_code_never_reaches_the_database(bench: Bench, path: str) -> None:
    bench.store.source = None  # type: ignore[assignment]  # any look-up would fail loudly

    assert bench.ask(path).status == "404 Not Found"


@pytest.mark.parametrize("path", ["/r/" + OPEN.upper(), "/r/" + OPEN + "/"])
def test_code_is_forgiven_capitals_and_a_last_slash(bench: Bench, path: str) -> None:
    assert bench.ask(path).headers["Location"] == STORY


@pytest.mark.parametrize(
    "stored",
    [
        "javascript:alert(1)",
        "https://atlas.example/\r\nSet-Cookie: a=b",
        "//atlas.example/",
        "https://",
        "ftp://atlas.example/",
        "https://good.example@evil.example/",
        "https://atlas.example:99999/",
        "https://[::1/",
        "",
    ],
)
def test_destination_that_is_no_web_address_is_never_sent(bench: Bench, stored: str) -> None:
    code = new_code()
    bench.add(code, destination=stored)

    assert bench.ask(f"/r/{code}").headers["Location"] == COMPANY


def test_link_with_no_usable_address_at_all_leads_nowhere(bench: Bench) -> None:
    code = new_code()
    bench.add(code, destination="data:x", fallback="")

    assert bench.ask(f"/r/{code}").status == "404 Not Found"


def test_edited_and_withdrawn_links_take_effect_within_a_second(bench: Bench) -> None:
    bench.ask(f"/r/{OPEN}")
    bench.database.execute(
        "UPDATE links_link SET destination = 'https://new.example/' WHERE code = ?", (OPEN,)
    )
    bench.clock.moment += 1.0
    edited = bench.ask(f"/r/{OPEN}").headers["Location"]
    bench.database.execute(
        "UPDATE links_link SET withdrawn_at = '2026-11-24 09:00:01' WHERE code = ?", (OPEN,)
    )
    bench.clock.moment += 1.0

    assert (edited, bench.ask(f"/r/{OPEN}").headers["Location"]) == ("https://new.example/", COMPANY)


def test_new_link_works_within_a_second_of_being_asked_for_in_vain(bench: Bench) -> None:
    code = new_code()
    in_vain = bench.ask(f"/r/{code}").status
    bench.add(code)
    bench.clock.moment += 1.0

    assert (in_vain, bench.ask(f"/r/{code}").status) == ("404 Not Found", "302 Found")


def test_deleted_link_leads_nowhere_even_with_the_database_away(bench: Bench) -> None:
    bench.ask(f"/r/{OPEN}")
    bench.database.execute("DELETE FROM links_link")
    bench.clock.moment += 1.0
    bench.ask(f"/r/{OPEN}")
    bench.database.execute("DROP TABLE links_link")
    bench.clock.moment += 1.0

    assert bench.ask(f"/r/{OPEN}").status == "503 Service Unavailable"


def test_known_links_go_on_while_the_database_is_away(bench: Bench) -> None:
    bench.ask(f"/r/{OPEN}")
    bench.database.execute("ALTER TABLE links_link RENAME TO away")
    bench.clock.moment += 3600.0
    known, unknown = bench.ask(f"/r/{OPEN}"), bench.ask(f"/r/{EXPIRED}")
    bench.database.execute("ALTER TABLE away RENAME TO links_link")
    bench.clock.moment += 2.0

    assert (known.status, known.headers["Location"]) == ("302 Found", STORY)
    assert (unknown.status, unknown.headers["Retry-After"]) == ("503 Service Unavailable", "60")
    assert bench.ask(f"/r/{EXPIRED}").status == "302 Found"
    assert len(bench.clicks()) == 3


def test_database_that_does_not_exist_is_said_kindly(bench: Bench, tmp_path: Path) -> None:
    bench.store.source._uri = f"file:{tmp_path}/absent?mode=ro"  # type: ignore[attr-defined]

    assert bench.ask(f"/r/{OPEN}").status == "503 Service Unavailable"
    assert not (tmp_path / "absent").exists()


def test_hostile_headers_never_break_an_answer_nor_a_record(bench: Bench) -> None:
    hostile = "\xff\x00\r\n\t\x7f\udcff" * 5000

    answered = bench.ask(
        f"/r/{OPEN}",
        HTTP_USER_AGENT=hostile,
        HTTP_REFERER="https://" + hostile,
        HTTP_ACCEPT_LANGUAGE=hostile + ";q=x",
        HTTP_X_FORWARDED_FOR=hostile + ",",
        HTTP_SEC_PURPOSE=hostile,
    )

    assert answered.status == "302 Found"
    assert [(click.referrer, click.language) for click in bench.clicks()] == [("", "")]


def test_click_that_cannot_be_written_is_counted_and_the_visitor_goes_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(file: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(spool_module.os, "write", full)
        answered = bench.ask(f"/r/{OPEN}")

    assert (answered.status, bench.spool.lost, bench.clicks()) == ("302 Found", 1, [])
    assert [record.levelname for record in caplog.records] == ["ERROR"]
