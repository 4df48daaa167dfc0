"""Crowds stand by key, then time: one key's are read in one go, however long the period."""

from typing import Any

from django.db import migrations, models

FACTS: Any = {"blank": True, "editable": False, "primary_key": True, "serialize": False}


class Rekey(migrations.AlterField):
    """Another order of a composite primary key, which Django does not change by itself.

    SQLite is given the table anew, as rows with an index: in a table that is its own primary key, sketches of two
    kilobytes would stand between the keys that are looked for.
    """

    def database_forwards(self, app_label: str, editor: Any, before: Any, after: Any) -> None:
        model = after.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(editor.connection.alias, model):
            return
        table = editor.quote_name(model._meta.db_table)
        if editor.connection.vendor == "postgresql":
            key = ", ".join(editor.quote_name(field.column) for field in model._meta.pk_fields)
            name = editor.quote_name(f"{model._meta.db_table}_pkey")
            editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} PRIMARY KEY ({key})")
            return
        old = editor.quote_name(f"{model._meta.db_table}_before")
        columns = ", ".join(editor.quote_name(field.column) for field in model._meta.local_concrete_fields)
        for index in model._meta.indexes:
            editor.execute(f"DROP INDEX {editor.quote_name(index.name)}")
        editor.execute(f"ALTER TABLE {table} RENAME TO {old}")
        editor.execute(editor.table_sql(model)[0])
        editor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {old}")  # noqa: S608  names of our own
        editor.execute(f"DROP TABLE {old}")
        for index in model._meta.indexes:
            editor.execute(index.create_sql(model, editor))

    def database_backwards(self, app_label: str, editor: Any, before: Any, after: Any) -> None:
        self.database_forwards(app_label, editor, before, after)


class Migration(migrations.Migration):

    dependencies = [('analytics', '0004_widest_crowds')]

    operations = [
        Rekey(
            model_name='crowd',
            name='pk',
            field=models.CompositePrimaryKey('organisation', 'dimension', 'span', 'key', 'at', 'sub', **FACTS),
        ),
    ]
