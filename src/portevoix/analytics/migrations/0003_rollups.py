"""Roll-ups of clicks, and what is still to be counted."""

from typing import Any

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class CreateOrdered(migrations.CreateModel):
    """On SQLite, a table that is its own primary key: rows of one day stand together, and are written once, not twice."""

    def database_forwards(self, app_label: str, editor: Any, before: Any, after: Any) -> None:
        model = after.apps.get_model(app_label, self.name)
        if editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, editor, before, after)
        elif self.allow_migrate_model(editor.connection.alias, model):
            statement, _params = editor.table_sql(model)
            editor.execute(f"{statement} WITHOUT ROWID")


class Migration(migrations.Migration):

    dependencies = [
        ('analytics', '0002_export_formats'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CountingTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(default=0)),
                ('mark', models.CharField(blank=True, default='', max_length=16)),
                ('claimed_by', models.CharField(blank=True, default='', max_length=80)),
                ('claimed_until', models.DateTimeField(blank=True, null=True)),
                ('counted_to_ms', models.BigIntegerField(default=0)),
                ('unknown_count', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        CreateOrdered(
            name='Crowd',
            fields=[
                ('pk', models.CompositePrimaryKey('organisation', 'span', 'dimension', 'at', 'key', 'sub', blank=True, editable=False, primary_key=True, serialize=False)),
                ('span', models.SmallIntegerField(choices=[(1, 'hour'), (2, 'day'), (3, 'month')])),
                ('dimension', models.SmallIntegerField(choices=[(1, 'all'), (2, 'link'), (3, 'person'), (4, 'story'), (5, 'story, network'), (6, 'story, team'), (7, 'team'), (8, 'network'), (9, 'country'), (10, 'language'), (11, 'device'), (12, 'hour'), (13, 'network, hour'), (14, 'reason'), (15, 'company'), (16, 'story, company')])),
                ('at', models.IntegerField()),
                ('key', models.BigIntegerField()),
                ('sub', models.BigIntegerField(default=0)),
                ('visitors', models.PositiveIntegerField()),
                ('sketch', models.BinaryField()),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        CreateOrdered(
            name='Tally',
            fields=[
                ('pk', models.CompositePrimaryKey('organisation', 'span', 'dimension', 'at', 'key', 'sub', blank=True, editable=False, primary_key=True, serialize=False)),
                ('span', models.SmallIntegerField(choices=[(1, 'hour'), (2, 'day'), (3, 'month')])),
                ('dimension', models.SmallIntegerField(choices=[(1, 'all'), (2, 'link'), (3, 'person'), (4, 'story'), (5, 'story, network'), (6, 'story, team'), (7, 'team'), (8, 'network'), (9, 'country'), (10, 'language'), (11, 'device'), (12, 'hour'), (13, 'network, hour'), (14, 'reason'), (15, 'company'), (16, 'story, company')])),
                ('at', models.IntegerField()),
                ('key', models.BigIntegerField()),
                ('sub', models.BigIntegerField(default=0)),
                ('people', models.BigIntegerField(default=0)),
                ('repeats', models.BigIntegerField(default=0)),
                ('previews', models.BigIntegerField(default=0)),
                ('robots', models.BigIntegerField(default=0)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Calendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('zone', models.CharField(max_length=64)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
                'constraints': [models.UniqueConstraint(fields=('organisation',), name='one_calendar')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='DayToRecount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.IntegerField()),
                ('asked_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'day'), name='recounted_once')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='MonthToFold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.IntegerField()),
                ('touched', models.PositiveBigIntegerField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'month'), name='folded_once')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]
