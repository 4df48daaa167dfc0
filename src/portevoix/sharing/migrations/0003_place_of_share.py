"""A share keeps the team, the country and the time zone of its person; those made before take the person's present ones."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery


def take_from_persons(apps: Apps, editor: BaseDatabaseSchemaEditor | None) -> None:
    persons = apps.get_model("people", "Person").unscoped.filter(pk=OuterRef("person_id"))
    apps.get_model("sharing", "Share").unscoped.update(
        team_id=Subquery(persons.values("team_id")),
        country=Subquery(persons.values("country")),
        zone=Subquery(persons.values("time_zone")),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("sharing", "0002_direct_publishing"),
    ]

    operations = [
        migrations.AddField(
            model_name="share",
            name="country",
            field=models.CharField(blank=True, default="", max_length=2),
        ),
        migrations.AddField(
            model_name="share",
            name="zone",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="share",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.team",
            ),
        ),
        # Going back drops the columns, and with them what was taken.
        migrations.RunPython(take_from_persons, migrations.RunPython.noop),
    ]
