"""One part of `rollup.py` on one database, in a process of its own; prints its figures as JSON."""

import gc
import json
import random
import resource
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

import numpy as np  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from rollup_town import BEGINNING, DAYS, Town  # noqa: E402

from portevoix.analytics import counting, rollups  # noqa: E402
from portevoix.analytics.folding import fold_months  # noqa: E402
from portevoix.analytics.jobs import judge_and_count  # noqa: E402
from portevoix.analytics.models import CountingTurn, Crowd, Dimension, Span, Tally  # noqa: E402
from portevoix.analytics.period import Period  # noqa: E402
from portevoix.analytics.ranking import widest  # noqa: E402
from portevoix.core import clock, tenancy  # noqa: E402
from portevoix.links.batches import Clicks  # noqa: E402
from portevoix.links.judging import columns_of, judge_batch  # noqa: E402
from portevoix.links.models import JudgedBatch, Link, SegmentProgress  # noqa: E402
from portevoix.links.segments import CLICK, HEADER, frame_of_facts, list_segments, read_stretch, texts_of  # noqa: E402
from portevoix.people.models import Organisation  # noqa: E402

ROUNDS = 5
CLICKS_A_ROUND = 200_000
BATCH = 1_000
LINKS = 10_000  # as many as `redirect.py` has
KILLS = 9
QUESTIONS = 200
PORTION = 200_000  # clicks counted at once: the past is counted in fewer transactions than the present
KEPT_PORTIONS = 3
AGENTS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
)
TEXTS = [
    texts_of(language, referrer, agent)
    for language in ("fr", "ar", "en")
    for referrer in ("lnkd.in", "x.com", "")
    for agent in AGENTS
]


def main() -> None:
    part, size = sys.argv[1], int(sys.argv[2])
    call_command("migrate", verbosity=0)
    figures = {"speed": speed, "lag": lag, "kill": kill, "size": size_of}[part](size)
    print(json.dumps(figures))


def small_town() -> Town:
    return Town(people=2_500, stories=200, links=LINKS)


# --- how fast ------------------------------------------------------------------------------------------------------
def speed(_seconds: int) -> dict[str, Any]:
    """Processor time of judging, a commit for each 1,000 clicks, and of counting what was judged; rounds, medians."""
    town, chance = small_town(), np.random.default_rng(3)
    judged, counted = [], []
    for number in range(ROUNDS):
        path = settings.CLICKS_ROOT / f"{number:013}-1-a.clicks"
        write_segment(town, chance, path, CLICKS_A_ROUND)
        now = clock.now()
        judged.append(_processor(lambda path=path, now=now: _judge_all(path, now)) / CLICKS_A_ROUND * 1e6)
        counted.append(_processor(lambda now=now: _count_all(now)) / CLICKS_A_ROUND * 1e6)
    both = [1e6 / (one + other) for one, other in zip(judged, counted, strict=True)]
    return {
        "per_core": statistics.median(both),
        "spread": f"{min(both):,.0f}–{max(both):,.0f}",
        "judge_us": statistics.median(judged),
        "count_us": statistics.median(counted),
        "rounds": ROUNDS,
        "on_server": connection.vendor == "postgresql",
    }


def write_segment(town: Town, chance: Any, path: Path, count: int) -> None:
    """A segment of clicks of this very minute, each visitor another, as many would be when something is all over town."""
    clicks = frames_of(town, chance, count, int(time.time() * 1000) - 20_000)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(HEADER + b"".join(clicks))


def frames_of(town: Town, chance: Any, count: int, since_ms: int) -> list[bytes]:
    links = chance.choice(len(town.weights), count, p=town.weights)
    visitors = chance.integers(0, 256, (count, 8), np.uint8)
    texts = chance.integers(0, len(TEXTS), count).tolist()
    rows = zip(town.link_ids[links].tolist(), town.link_organisations[links].tolist(), texts, strict=True)
    return [
        frame_of_facts(
            (
                CLICK,
                since_ms + number * 10_000 // count,
                link,
                organisation,
                0,
                1,
                visitors[number].tobytes(),
            ),
            b"abcdefghij",
            TEXTS[text],
        )
        for number, (link, organisation, text) in enumerate(rows)
    ]


def _judge_all(path: Path, now: Any) -> None:
    while judge_batch(path, now=now, limit=BATCH).has_more:
        pass


def _count_all(now: Any) -> None:
    while counting.count_batches(now=now):
        pass


def _processor(work: Any) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


# --- killed --------------------------------------------------------------------------------------------------------
def kill(_seconds: int) -> dict[str, Any]:
    """Clicks come in while the worker is killed nine times, at moments drawn at random; then it may end its work."""
    town, chance = small_town(), np.random.default_rng(4)
    path = settings.CLICKS_ROOT / "0000000000001-1-a.clicks"
    write_segment(town, chance, path, 1_000)
    kills = 0
    with path.open("ab", buffering=0) as segment:
        worker = start_worker()
        due = time.monotonic() + 2.0
        while kills < KILLS:
            segment.write(b"".join(frames_of(town, chance, 4_000, int(time.time() * 1000))))
            time.sleep(0.1)  # what a worker that is killed every two seconds can still follow
            if time.monotonic() >= due:
                worker.send_signal(signal.SIGKILL)
                worker.wait()
                kills += 1
                worker, due = start_worker(), time.monotonic() + random.uniform(1.0, 3.0)
    stop(worker)
    _release_claims()
    while judge_and_count(clock.now()) or counting.recount_days(clock.now()):
        pass
    return {"kills": kills, "recorded": recorded(), "counted": counted_in_all()}


def start_worker() -> "subprocess.Popen[bytes]":
    """A process that judges and counts without end, as the worker's turn does."""
    return subprocess.Popen([sys.executable, __file__, "worker", "0"], stdout=subprocess.DEVNULL)


def work_for_ever() -> None:
    running = [True]
    signal.signal(signal.SIGTERM, lambda *_: running.clear())
    while running:
        judge_and_count(clock.now())
        counting.recount_days(clock.now())
        time.sleep(0.25)


def stop(worker: "subprocess.Popen[bytes]") -> None:
    worker.terminate()
    worker.wait()


def _release_claims() -> None:
    """What the killed held is free after half a minute; the bench does not wait for that."""
    SegmentProgress.objects.update(claimed_until=None)
    CountingTurn.objects.update(claimed_until=None)


def recorded() -> int:
    """Clicks in the segments."""
    count = 0
    for path in list_segments(settings.CLICKS_ROOT):
        position = 0
        while (stretch := read_stretch(path, position, 50_000)).end > position:
            count, position = count + len(stretch.payloads), stretch.end
    return count


def counted_in_all() -> int:
    """Clicks in the figures, whatever they were."""
    rows = Tally.unscoped.filter(span=Span.DAY, dimension=Dimension.ALL)
    return sum(row.people + row.repeats + row.previews + row.robots for row in rows)


# --- how late ------------------------------------------------------------------------------------------------------
def lag(seconds: int) -> dict[str, Any]:
    """The front answers as fast as it can, a worker beside it on the same cores; how far the count is behind."""
    from rollup_load import front, load

    small_town()
    codes = list(Link.unscoped.values_list("code", flat=True))
    with front() as port:
        worker = start_worker()
        _wait_until(lambda: CountingTurn.objects.exists())
        generator = load(port, codes, seconds, Path(settings.VAR))
        lags = []
        while generator.poll() is None:
            time.sleep(0.1)
            lags.append(_late())
        answered = int(generator.communicate()[0].split()[-1])
    _wait_until(lambda: counted_in_all() >= answered)
    stop(worker)
    return {
        "per_second": answered / seconds,
        "median_seconds": statistics.median(lags),
        "worst_seconds": max(lags),
        "answered": answered,
        "recorded": recorded(),
        "counted": counted_in_all(),
    }


def _late() -> float:
    """How long ago the earliest click came that is not counted: the last one that is, when more are waiting."""
    counted_to = CountingTurn.objects.values_list("counted_to_ms", flat=True).first() or 0
    waiting = any(
        path.stat().st_size
        > SegmentProgress.objects.filter(segment=path.name).values_list("position", flat=True)[0]
        for path in list_segments(settings.CLICKS_ROOT)
        if SegmentProgress.objects.filter(segment=path.name).exists()
    )
    return max(0.0, time.time() - counted_to / 1000) if waiting and counted_to else 0.0


def _wait_until(is_so: Any, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not is_so() and time.monotonic() < until:
        time.sleep(0.1)


# --- how many ------------------------------------------------------------------------------------------------------
def size_of(count: int) -> dict[str, Any]:
    """Two years of clicks, counted as they would be, months summed up; then three questions of a dashboard.

    What counting them took is kept in the folder, with the database if that stays: then it is asked again.
    """
    kept = Path(settings.VAR) / f"town-{connection.vendor}-{count}.json"
    if not kept.exists():
        kept.write_text(json.dumps(_count_town(count)))
    gc.collect()
    gc.freeze()  # as the processes of pages do (`portevoix.wsgi`)
    with tenancy.acting_for(Organisation.objects.order_by("pk")[0].pk):
        questions = ask()
    return {**json.loads(kept.read_text()), "questions": questions}


def _count_town(count: int) -> dict[str, Any]:
    town, began, processor = Town(), time.monotonic(), time.process_time()
    for number, clicks in enumerate(portions_of(town.clicks(count))):
        JudgedBatch.objects.create(
            segment="town",
            start=number,
            end=number + 1,
            rules="",
            judged_at=clock.now(),
            **columns_of(clicks),
        )
        counting.count_batches(now=clock.now())
        JudgedBatch.objects.filter(start__lt=number - KEPT_PORTIONS).delete()
    seconds, processor = time.monotonic() - began, time.process_time() - processor
    JudgedBatch.objects.all().delete()
    fold_months(clock.now())
    with connection.cursor() as cursor:  # what PostgreSQL's autovacuum would have done long since
        cursor.execute("VACUUM (ANALYZE)" if connection.vendor == "postgresql" else "ANALYZE")
    return {
        "clicks": count,
        "seconds": seconds,
        "processor": processor,
        "folded": time.monotonic() - began - seconds,
        "rows": Tally.unscoped.count() + Crowd.unscoped.count(),
        "bytes": bytes_on_disk(),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def portions_of(days: "Iterator[Clicks]") -> "Iterator[Clicks]":
    """The same clicks, so many at once: quiet days together, and a day on which a link took off in pieces."""
    waiting: list[Clicks] = []
    for day in days:
        waiting.append(day)
        while sum(len(one) for one in waiting) >= PORTION:
            together = np.concatenate(waiting)
            yield together[:PORTION]
            waiting = [together[PORTION:].copy()]
    if sum(len(one) for one in waiting):
        yield np.concatenate(waiting)


def ask() -> dict[str, dict[str, float]]:
    """Each question over two hundred periods drawn at random, of seven days to two years, in one organisation."""
    chance = random.Random(11)
    questions = {
        "visits by day": lambda period: rollups.by_day(Dimension.ALL, period),
        "50 widest people": lambda period: widest(Dimension.PERSON, period, 50),
        "stories by network": lambda period: rollups.counts(Dimension.STORY_NETWORK, period),
    }
    found = {}
    for name, question in questions.items():
        times = []
        for _ in range(QUESTIONS):
            length = chance.randint(7, DAYS)
            first = BEGINNING.date() + timedelta(days=chance.randint(0, DAYS - length))
            times.append(
                _milliseconds(question, Period(first, first + timedelta(days=length - 1), "Europe/Paris"))
            )
        times.sort()
        found[name] = {"p50": times[len(times) // 2], "p95": times[int(len(times) * 0.95)], "max": times[-1]}
    return found


def _milliseconds(question: Any, period: Period) -> float:
    began = time.perf_counter()
    question(period)
    return (time.perf_counter() - began) * 1000


def bytes_on_disk() -> int:
    """Of the two tables of roll-ups, indexes included."""
    tables = (Tally._meta.db_table, Crowd._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT {' + '.join(['pg_total_relation_size(%s)'] * 2)}", tables)
            return int(cursor.fetchone()[0])
    connection.close()
    return Path(settings.DATABASES["default"]["NAME"]).stat().st_size


if __name__ == "__main__":
    if sys.argv[1] == "worker":
        work_for_ever()
    else:
        main()
