"""Judged clicks are batches that wait to be counted, no more a row each; those judged so far become batches too."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from portevoix.links.packing import packed

SEGMENT = "rows"
BATCH_CLICKS = 10_000
# As they stand at this migration, whatever becomes of them later.
CLICK = np.dtype(
    [
        ("at_ms", "<i8"),
        ("visitor", "<u8"),
        ("link", "<i8"),
        ("language", "<i8"),
        ("organisation", "<i4"),
        ("kind", "u1"),
        ("reason", "u1"),
        ("device", "u1"),
        ("flags", "u1"),
    ]
)
KINDS = {"person": 0, "duplicate": 0, "preview": 2, "robot": 3}
DEVICES = ("other", "phone", "tablet", "desktop")
REASONS = (
    "browser", "app", "head", "prefetch", "no-agent", "preview", "listed", "names-itself", "gives-contact", "library",
    "headless", "too-short", "malformed", "unknown-program", "bare-product", "burst",
)


def keep_clicks(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    batch, click = (apps.get_model("links", name) for name in ("JudgedBatch", "Click"))
    batches = batch.objects
    rows = click.unscoped.order_by("at", "pk").iterator(chunk_size=BATCH_CLICKS)
    for number, some in enumerate(_batched(rows)):
        clicks = np.array([_facts(row) for row in some], CLICK)
        batches.create(
            segment=SEGMENT,
            start=number * BATCH_CLICKS,
            end=(number + 1) * BATCH_CLICKS,
            count=len(clicks),
            first_ms=int(clicks["at_ms"].min()),
            last_ms=int(clicks["at_ms"].max()),
            clicks=clicks.tobytes(),
            rules="rows",
            judged_at=some[-1].at,
        )


def _batched(rows: Iterator[Any]) -> Iterator[Sequence[Any]]:
    while some := list(islice(rows, BATCH_CLICKS)):
        yield some


def _facts(row: Any) -> tuple[int, ...]:
    """What a burst or a second click is, counting finds again: alone, each was a person's."""
    is_person = row.kind in ("person", "duplicate") or row.reason == "burst"
    reason = "browser" if row.reason == "burst" or row.reason not in REASONS else row.reason
    return (
        round(row.at.timestamp() * 1000),
        int.from_bytes(bytes.fromhex(row.visitor or "0" * 16), "little"),
        row.link_id,
        packed(row.language),
        row.organisation_id,
        0 if is_person else KINDS[row.kind],
        REASONS.index(reason),
        DEVICES.index(row.device) if row.device in DEVICES else 0,
        0,
    )


def bring_back_clicks(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Segments are judged again from their beginning, as far as they are kept; what is older is in no row any more."""
    apps.get_model("links", "SegmentProgress").objects.update(position=0)


class Migration(migrations.Migration):

    dependencies = [
        ('links', '0003_visitor_periods'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='segmentprogress',
            name='unknown_count',
        ),
        migrations.AddField(
            model_name='segmentprogress',
            name='claimed_by',
            field=models.CharField(blank=True, default='', max_length=80),
        ),
        migrations.AddField(
            model_name='segmentprogress',
            name='claimed_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='JudgedBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('segment', models.CharField(max_length=80)),
                ('start', models.BigIntegerField()),
                ('end', models.BigIntegerField()),
                ('count', models.PositiveIntegerField()),
                ('first_ms', models.BigIntegerField()),
                ('last_ms', models.BigIntegerField()),
                ('clicks', models.BinaryField()),
                ('rules', models.CharField(max_length=16)),
                ('judged_at', models.DateTimeField()),
                ('is_counted', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['last_ms'], name='batch_by_end'), models.Index(condition=models.Q(('is_counted', False)), fields=['first_ms'], name='batch_to_count')],
                'constraints': [models.UniqueConstraint(fields=('segment', 'start'), name='batch_once')],
            },
        ),
        migrations.RunPython(keep_clicks, bring_back_clicks),
        migrations.DeleteModel(
            name='Click',
        ),
    ]
