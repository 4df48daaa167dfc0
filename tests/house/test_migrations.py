"""Migrations are linear, named, and can be undone; the rows match the models."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL

LABELS = [config.label for config in apps.get_app_configs() if config.name.startswith("portevoix.")]


@pytest.mark.django_db
def test_models_need_no_migration() -> None:
    said = StringIO()

    call_command("makemigrations", "--check", "--dry-run", *LABELS, stdout=said)

    assert "No changes detected" in said.getvalue()


def test_migrations_are_linear() -> None:
    loader = MigrationLoader(None)
    leaves = {
        label: [name for app, name in loader.graph.leaf_nodes(label) if app == label] for label in LABELS
    }

    assert {label: names for label, names in leaves.items() if len(names) > 1} == {}


def test_migrations_can_be_undone() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    stuck = [
        f"{app}.{name}"
        for (app, name), migration in loader.disk_migrations.items()
        if app in LABELS
        for step in migration.operations
        if isinstance(step, RunPython | RunSQL) and not step.reversible
    ]

    assert stuck == []


def test_migrations_have_names_that_say_what_they_do() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)

    assert [name for app, name in loader.disk_migrations if app in LABELS and "_auto_" in name] == []
