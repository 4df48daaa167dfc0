"""Looks for requests that the front reads wrongly: minutes of heads made to deceive, to a parser and to a whole front.

The parser is asked in this process, with `httptools` as its oracle: it must not fail; what it takes for a head, the
oracle must take for the same; in pieces as at once; and what is handed over to the pages must name the front and the
visitor once, whatever was said. A front is asked over sockets, in pieces, with others before and after: every answer
must be of those that the requests, read by the parser, deserve, in their order; with none but the headers that are ours,
no word of the request in them, and a destination that is stored. Afterwards it must be alive and hold as many clicks as
it gave redirects. Prints what was said and found; exits 1 with the smallest case when something was found.

    python bench/fuzz_requests.py [--minutes 10] [--seed 1] [--write]
"""

import argparse
import json
import re
import select
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from fuzz_tricks import MARK, conversations, requests, wounded
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from machine import keep, machine
from pages import write_part
from redirect_target import free_port, make_links, serving

from portevoix.links.segments import clicks_folder, each_click, list_segments
from portevoix.redirector.handover import SECRET_FIELD, rewritten
from portevoix.redirector.replies import REASONS, is_for_links
from portevoix.redirector.requests import BadRequest, Head, read_head

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from http_oracle import Oracle, agrees

BATCH = 400  # cases of each kind, in turn
REMOTE, SECRET = "192.0.2.9", "only-the-front-knows"
HEADERS = frozenset(
    b"date location cache-control referrer-policy content-length connection allow content-type vary retry-after "
    b"content-security-policy x-content-type-options".split()
)
_HEAD = re.compile(rb"HTTP/1\.1 ([0-9]{3} [A-Za-z ]+)\r\n((?:[A-Za-z-]+: [ -~]*\r\n)*)\r\n")


def main() -> int:
    options = _options()
    count: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="portevoix-fuzz-") as name:
        folder, port = Path(name), free_port()
        code = make_links(folder, 1)[0]
        with serving("front, process", folder, port) as server:
            found = _look(options.minutes * 60, options.seed, code.encode(), port, count)
            is_alive = server.poll() is None
        clicks = sum(1 for path in list_segments(clicks_folder(folder)) for _click in each_click(path))
    if not found and not (is_alive and clicks == count["redirects"]):
        found = (
            f"the front is {'alive' if is_alive else 'dead'}, {count['redirects']} redirects, {clicks} clicks"
        )
    figures = {"seed": options.seed, "minutes": options.minutes, **count, "clicks": clicks, "found": found}
    print(text_of(figures))
    print(json.dumps({"bench": "fuzz_requests", "machine": machine(), **figures}))
    keep("fuzz_requests", figures)
    if options.write:
        write_part("performance.md", "fuzz", text_of(figures))
    return 1 if found else 0


def text_of(figures: dict[str, Any]) -> str:
    """What was said and found, as a table."""
    return (
        "| minutes | given to the parser | taken for a head | conversations with a front | cut by it | answers "
        "| clicks | found |\n"
        "|---|---|---|---|---|---|---|---|\n"
        f"| {figures['minutes']:g} | {figures['heads']:,} | {figures['accepted']:,} | {figures['conversations']:,} "
        f"| {figures['cut']:,} | {figures['answers']:,} | {figures['clicks']:,} | **{figures['found'] or 'nothing'}** |"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="writes into docs/run/performance.md")
    return parser.parse_args()


def _look(seconds: float, first_seed: int, code: bytes, port: int, count: Counter[str]) -> str:
    """Looks until the time is over; what was found, in its smallest form, or nothing."""
    until, number = time.monotonic() + seconds, first_seed
    heads = st.one_of(requests(code), wounded(code), st.binary(max_size=200))
    looks: tuple[tuple[Any, Callable[[Any], None]], ...] = (
        (heads, lambda data: check_parser(data, count)),
        (conversations(code), lambda pieces: check_front(pieces, code, port, count)),
    )
    while time.monotonic() < until:
        for draw, check in looks:
            number += 1
            try:
                _run(draw, check, number)
            except Exception as finding:
                return f"{type(finding).__name__}: {finding} (seed {number})"
    return ""


def _run(draw: Any, check: Callable[[Any], None], number: int) -> None:
    @seed(number)
    @settings(
        max_examples=BATCH,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(draw)
    def each(case: Any) -> None:
        check(case)

    each()


def check_parser(data: bytes, count: Counter[str]) -> None:
    """One input of the parser; AssertionError when something is wrong."""
    count["heads"] += 1
    assert agrees(data), f"read otherwise than the oracle does: {data!r}"
    head = _read(data)
    for length in {len(data) // 2, len(data) - 1}:
        earlier = _read(data[: max(0, length)])
        assert earlier is None or earlier == head, f"read otherwise in pieces: {data!r}"
    if isinstance(head, Head):
        count["accepted"] += 1
        assert not re.search(rb"[\x00-\x20\x7f-\xff]", head.target), f"a target that is none: {data!r}"
        assert not re.search(rb"[\x00\r\n]", b"".join(head.fields.values())), f"a field that is two: {data!r}"
        _check_handover(head, data)


def _read(data: bytes, at: int = 0) -> Head | int | None:
    """The head, the status of the refusal, or None while it is not whole."""
    try:
        return read_head(data, at)
    except BadRequest as refused:
        return refused.status


def _check_handover(head: Head, data: bytes) -> None:
    begin = head.end - len(data[: head.end].lstrip(b"\r\n"))
    sent = rewritten(head, data[begin:], SECRET, remote=REMOTE, is_from_proxy=False)
    oracle = Oracle()
    oracle.read(sent[: sent.index(b"\r\n\r\n") + 4])
    said = [oracle.values(name) for name in (SECRET_FIELD, b"x-forwarded-for", b"connection")]
    assert said == [[SECRET.encode()], [REMOTE.encode()], [b"close"]], f"handed over as {said}: {data!r}"
    assert not any(b"_" in name for name, _ in oracle.fields), f"handed over with an underscore: {data!r}"


def check_front(pieces: list[bytes], code: bytes, port: int, count: Counter[str]) -> None:
    """One conversation with the front; AssertionError when an answer is wrong."""
    count["conversations"] += 1
    data = b"".join(pieces)
    heard, is_cut = _ask(port, pieces)
    answers, deserved = _answers(heard, data), _deserved(data, code)
    count["answers"] += len(answers)
    count["cut"] += is_cut
    count["redirects"] += (deserved if is_cut else answers).count(302)
    heard_of = deserved[: len(answers)] if is_cut else deserved
    assert answers == heard_of, f"answered {answers}, deserved {deserved}: {pieces!r}"


def _ask(port: int, pieces: list[bytes]) -> tuple[bytes, bool]:
    """Everything that is answered, until the front closes; and whether it was cut while we were still talking, in which
    case answers on their way may not have arrived."""
    heard, is_cut = b"", False
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for place, piece in enumerate(pieces):
                if place and select.select([connection], [], [], 0.001)[0]:
                    heard += connection.recv(65_536)
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
        except OSError as error:
            is_cut = _must_be_cut(error)
        try:
            while more := connection.recv(65_536):
                heard += more
        except OSError as error:
            is_cut = _must_be_cut(error)
    return heard, is_cut


def _must_be_cut(error: OSError) -> bool:
    if isinstance(error, TimeoutError):  # nobody may be kept waiting: that is a finding
        raise error
    return True


def _answers(heard: bytes, data: bytes) -> list[int]:
    """The statuses of what was heard, each answer looked at closely."""
    at, statuses = 0, []
    while at < len(heard):
        found = _HEAD.match(heard, at)
        assert found is not None, f"no answer: {heard[at : at + 200]!r} to {data!r}"
        lines = [line.partition(b": ") for line in found[2].split(b"\r\n") if line]
        names = [name.lower() for name, _, _ in lines]
        said = {name.lower(): value for name, _, value in lines}
        assert len(set(names)) == len(names), f"said twice: {names} to {data!r}"
        assert set(names) <= HEADERS, f"not ours: {names} to {data!r}"
        assert found[1] in REASONS.values(), f"no status of ours: {found[1]!r} to {data!r}"
        status, length = int(found[1][:3]), int(said[b"content-length"])
        body = heard[found.end() : found.end() + length]
        assert said.get(b"location", b"https://atlas.example/0") == b"https://atlas.example/0", (
            f"led astray by {data!r}"
        )
        assert (b"location" in said) == (status == 302), f"a location too many or too few: {data!r}"
        assert not re.search(MARK + b"|evil", found[0].lower()), f"echoed in a header: {data!r}"
        is_bodiless = body.startswith(b"HTTP/1.1 ") or not body  # an answer to HEAD says a length only
        at = found.end() + (0 if is_bodiless else length)
        statuses.append(status)
    return statuses


def _deserved(data: bytes, code: bytes) -> list[int]:
    """The statuses that requests deserve, read one after the other by the parser, until it must stop."""
    at, statuses = 0, []
    while at < len(data):
        head = _read(data, at)
        if head is None:
            break
        if isinstance(head, int):
            statuses.append(head)
            break
        statuses.append(_status_of(head, code))
        at = head.end
        if not head.keep_alive or head.has_body:
            break
    return statuses


def _status_of(head: Head, code: bytes) -> int:
    if not is_for_links(head.target):
        return 404
    if head.method not in (b"GET", b"HEAD"):
        return 405
    path = re.sub(rb"(?i)^https?://[^/]*", b"", head.target).partition(b"?")[0].partition(b"#")[0]
    path = re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), path)
    return 302 if path.removesuffix(b"/").lower() == b"/r/" + code else 404


if __name__ == "__main__":
    sys.exit(main())
