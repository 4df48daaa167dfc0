"""Secrets of visitors belong to periods with a first and a last day; months that have one, on the clock of UTC, go on."""

import calendar
from datetime import UTC, date, datetime, timedelta
from typing import Any

import django.db.models.deletion
import django.db.models.manager
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def months_become_periods(apps: Apps, editor: BaseDatabaseSchemaEditor | None) -> None:
    periods = _rows(apps, "VisitorPeriod")
    for row in _rows(apps, "VisitorSecret").all():
        year, month = (int(part) for part in row.month.split("-"))
        last = date(year, month, calendar.monthrange(year, month)[1])
        end = last + timedelta(days=1)
        periods.create(
            organisation_id=row.organisation_id,
            first_on=date(year, month, 1),
            last_on=last,
            starts_at=datetime(year, month, 1, tzinfo=UTC),
            ends_at=datetime(end.year, end.month, end.day, tzinfo=UTC),
            secret=bytes(row.secret),
        )


def periods_become_months(apps: Apps, editor: BaseDatabaseSchemaEditor | None) -> None:
    secrets = _rows(apps, "VisitorSecret")
    for row in _rows(apps, "VisitorPeriod").exclude(secret=None).order_by("starts_at"):
        secrets.get_or_create(
            organisation_id=row.organisation_id,
            month=row.first_on.strftime("%Y-%m"),
            defaults={"secret": bytes(row.secret)},
        )


def _rows(apps: Apps, model: str) -> Any:
    return apps.get_model("links", model).unscoped


class Migration(migrations.Migration):
    dependencies = [
        ("links", "0002_click_ids"),
        ("people", "0002_visitor_period"),
    ]

    operations = [
        migrations.CreateModel(
            name="VisitorPeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("secret", models.BinaryField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
            ],
            options={
                "db_table": "links_visitorperiod",
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "first_on"), name="one_visitor_period_a_day"
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RunPython(months_become_periods, periods_become_months),
        migrations.DeleteModel(name="VisitorSecret"),
    ]
