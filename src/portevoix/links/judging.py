"""Judging: the raw clicks of the segments become batches that say who each click was, by itself.

One batch is one transaction: its row, and how far its segment is judged. Killed anywhere, or run by two workers at once,
it gives the same rows. What only several clicks together tell (bursts, second clicks) is found when batches are counted,
in the order of time (`habits`), whichever machine judged them.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from portevoix.core.work import process_name
from portevoix.links import batches, robots
from portevoix.links.batches import CLICK, REASON_NUMBERS, Clicks, Kind
from portevoix.links.models import JudgedBatch, SegmentProgress
from portevoix.links.packing import packed
from portevoix.links.segments import COMPRESSED, FACTS_BYTES, Flag, Stretch, name_of, read_stretch

log = logging.getLogger(__name__)
BATCH_CLICKS: Final = 5_000
CLAIM: Final = timedelta(seconds=30)
# A clock may be a little ahead of another; what is dated later than that is dated by the judge.
AHEAD: Final = timedelta(minutes=5)
_MOST_WORDS: Final = 50_000
# What `segments` packs of each click, as columns; never imported by the redirector, which does without arrays.
_FACTS: Final = np.dtype(
    [
        ("form", "u1"),
        ("at_ms", "<u8"),
        ("link", "<i8"),
        ("organisation", "<i8"),
        ("flags", "u1"),
        ("device", "u1"),
        ("visitor", "<u8"),
    ]
)
_KINDS: Final = {"person": Kind.PERSON, "preview": Kind.PREVIEW, "robot": Kind.ROBOT}


@dataclass(frozen=True)
class Judged:
    """What one reading of a segment came to: how many clicks were read, and whether more may be waiting."""

    count: int
    has_more: bool


def claim_segment(name: str, now: datetime) -> bool:
    """Whether the segment is this process's to judge: nobody else's, or given up by whoever held it."""
    SegmentProgress.objects.get_or_create(segment=name)
    me = process_name()
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now) | Q(claimed_by=me)
    rows = SegmentProgress.objects.filter(free, segment=name)
    return bool(rows.update(claimed_by=me, claimed_until=now + CLAIM))


def judge_batch(path: Path, *, now: datetime, limit: int = BATCH_CLICKS) -> Judged:
    """Judges the next clicks of a segment, at most `limit`, from where the last batch ended."""
    name = name_of(path)
    begun = SegmentProgress.objects.filter(segment=name).first()
    begun = begun or SegmentProgress.objects.get_or_create(segment=name)[0]
    position, aside = begun.position, begun.set_aside
    stretch = _read(path, position, limit)
    if stretch is None or (stretch.end == position and stretch.set_aside == aside):
        return Judged(0, has_more=False)
    clicks, closed = judged_clicks(stretch, now)
    if not _keep(name, position, stretch, clicks, closed, now):
        return Judged(0, has_more=True)  # another worker judged this batch while we were reading
    _tell(name, stretch)
    return Judged(len(stretch.payloads), has_more=stretch.end > position)


def judged_clicks(stretch: Stretch, now: datetime) -> tuple[Clicks, int]:
    """The clicks of a stretch, each judged by itself; and how many others came too late and led to a company's page."""
    payloads = [payload for _, _, payload in stretch.payloads]
    facts = np.frombuffer(b"".join([payload[:FACTS_BYTES] for payload in payloads]), _FACTS)
    clicks = np.empty(len(facts), CLICK)
    for name in ("visitor", "link", "organisation", "device", "flags"):
        clicks[name] = facts[name]
    latest = int((now + AHEAD).timestamp() * 1000)
    clicks["at_ms"] = np.where(facts["at_ms"] > latest, int(now.timestamp() * 1000), facts["at_ms"])
    words = [payload[payload.index(0, FACTS_BYTES) :] for payload in payloads]  # language, referrer and agent
    known = _verdicts.get
    verdicts = np.array([known(one) or _verdict(one) for one in words], np.int64).reshape(-1, 3)
    clicks["kind"], clicks["reason"], clicks["language"] = verdicts.T
    _mark(clicks, Flag.HEAD, "head")
    _mark(clicks, Flag.PREFETCH, "prefetch")
    is_closed = (clicks["flags"] & int(Flag.CLOSED)) != 0
    return clicks[~is_closed], int(is_closed.sum())


def _mark(clicks: Clicks, flag: Flag, reason: str) -> None:
    """A person's browser that came in that way was no person's click."""
    marked = (clicks["kind"] == Kind.PERSON) & ((clicks["flags"] & int(flag)) != 0)
    clicks["kind"][marked], clicks["reason"][marked] = Kind.ROBOT, REASON_NUMBERS[reason]


_verdicts: dict[bytes, tuple[int, int, int]] = {}


def _verdict(words: bytes) -> tuple[int, int, int]:
    """The kind, the reason's number and the language of a click by its words, which are often the same: remembered."""
    if len(_verdicts) >= _MOST_WORDS:
        _verdicts.clear()
    _, language, _, agent = words.decode("utf-8", "replace").split("\0")
    verdict = robots.judge_agent(agent or None)
    _verdicts[words] = (int(_KINDS[verdict.kind]), REASON_NUMBERS[verdict.reason], packed(language))
    return _verdicts[words]


def _read(path: Path, position: int, limit: int) -> Stretch | None:
    try:
        return read_stretch(path, position, limit)
    except FileNotFoundError:  # erased meanwhile
        return None
    except OSError:
        return Stretch(end=position, set_aside="unreadable")


@transaction.atomic
def _keep(segment: str, position: int, stretch: Stretch, clicks: Clicks, closed: int, now: datetime) -> bool:
    """Keeps the batch and how far its segment is judged; False when the segment moved on meanwhile."""
    moved = SegmentProgress.objects.filter(segment=segment, position=position).update(
        position=stretch.end,
        judged_at=now,
        lost_count=F("lost_count") + stretch.lost,
        closed_count=F("closed_count") + closed,
        damaged_bytes=F("damaged_bytes") + stretch.damaged_bytes,
        set_aside=stretch.set_aside,
    )
    if moved and len(clicks):
        JudgedBatch.objects.create(
            segment=segment,
            start=position,
            end=stretch.end,
            rules=robots.edition(),
            judged_at=now,
            **columns_of(clicks),
        )
    return bool(moved)


def columns_of(clicks: Clicks) -> dict[str, object]:
    """What a batch's row says of its clicks."""
    moments = clicks["at_ms"]
    return {
        "count": len(clicks),
        "first_ms": int(moments.min()),
        "last_ms": int(moments.max()),
        "clicks": batches.to_bytes(clicks),
    }


def rejudged(path: Path, batch: JudgedBatch) -> Clicks:
    """The clicks of a batch judged by the rules of today, from its raw segment; as if judged when it was."""
    stretch = Stretch(end=batch.start)
    while stretch.end < batch.end:
        part = read_stretch(path, stretch.end, batch.count + 1)
        if part.end <= stretch.end:
            break
        stretch.payloads += [one for one in part.payloads if one[0] < batch.end]
        stretch.end = part.end
    return judged_clicks(stretch, batch.judged_at)[0]


def segment_of(batch: JudgedBatch) -> Path | None:
    """The raw segment that a batch was judged from, if this machine still has it."""
    path: Path = settings.CLICKS_ROOT / batch.segment
    return path if path.exists() or path.with_name(path.name + COMPRESSED).exists() else None


def clicks_of(rows: Sequence[JudgedBatch]) -> Clicks:
    """The clicks of several batches in the order of time; those of one moment as they stand in the segments."""
    ordered = sorted(rows, key=lambda row: (row.segment, row.start))
    return batches.together([batches.from_bytes(row.clicks) for row in ordered])


def _tell(segment: str, stretch: Stretch) -> None:
    if stretch.set_aside:
        log.warning(
            "Clicks in %s are set aside (%s): this version cannot read them.", segment, stretch.set_aside
        )
    if stretch.damaged_bytes:
        log.warning("Clicks in %s: %d damaged bytes were skipped.", segment, stretch.damaged_bytes)
    if stretch.unknown_frames:
        log.warning("Clicks in %s: %d records are of a kind we do not know.", segment, stretch.unknown_frames)
    if stretch.lost:
        log.warning("Clicks in %s: the redirector could not write %d of them.", segment, stretch.lost)
