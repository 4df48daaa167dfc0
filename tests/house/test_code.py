"""The house keeps its shape: what a contract of imports cannot say about the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from portevoix import env

SOURCE = Path(__file__).parents[2] / "src" / "portevoix"
ROOT = SOURCE.parents[1]
# The storeys of the nouns, from the ground up; `pyproject.toml` holds them for imports, this for foreign keys.
STOREYS = (
    ("people",),
    ("notifications",),
    ("editorial",),
    ("library", "links"),
    ("sharing",),
    ("feed",),
    ("analytics",),
)
WRITES = {
    "save",
    "create",
    "bulk_create",
    "update",
    "bulk_update",
    "delete",
    "get_or_create",
    "update_or_create",
}


def python_files(*folders: str) -> list[Path]:
    return [
        file
        for folder in folders
        for file in (SOURCE / folder).rglob("*.py")
        if "migrations" not in file.parts
    ]


def calls(file: Path) -> Iterator[tuple[str, str, int]]:
    """(receiver, method, line) of every method call."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func.value), node.func.attr, node.lineno


def test_faces_never_write_rows() -> None:
    # A dictionary may be updated; what a library's own form does on save() is the library's.
    harmless = re.compile(
        r"(context|headers|attrs|data|initial|hasher|digest|facts|params|counts|session|super\(\))$"
    )
    written = [
        f"{file.relative_to(SOURCE)}:{line} {receiver}.{method}()"
        for file in python_files("web", "api")
        for receiver, method, line in calls(file)
        if method in WRITES and not harmless.search(receiver)
    ]

    assert written == []


def test_foreign_keys_point_down() -> None:
    storey = {label: floor for floor, labels in enumerate(STOREYS) for label in labels}
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in storey
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model._meta.app_label in storey
        if not points_down(model._meta.app_label, field.related_model._meta.app_label, storey)
    ]

    assert upward == []


def points_down(from_label: str, to_label: str, storey: dict[str, int]) -> bool:
    return from_label == to_label or storey[to_label] < storey[from_label]


def test_rows_have_no_default_order() -> None:
    ordered = [model._meta.label for model in ours() if model._meta.ordering]

    assert ordered == []


def test_rows_of_organisations_are_scoped() -> None:
    """Every model that carries an organisation answers only for the one in force."""
    loose = [
        model._meta.label
        for model in ours()
        if any(field.name == "organisation" for field in model._meta.fields)
        and not hasattr(model, "unscoped")
    ]

    assert loose == []


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("portevoix.")]


def test_actions_take_keywords_and_the_moment() -> None:
    """An action, a transaction of its own, is keyword-only and takes `now`."""
    loose = []
    for file in SOURCE.glob("*/actions*"):
        for part in [file] if file.suffix else file.glob("*.py"):
            for node in ast.parse(part.read_text()).body:
                if isinstance(node, ast.FunctionDef) and is_action(node):
                    names = {a.arg for a in node.args.kwonlyargs}
                    if node.args.args or "now" not in names:
                        loose.append(f"{part.relative_to(SOURCE)}: {node.name}")

    assert loose == []


def is_action(node: ast.FunctionDef) -> bool:
    """A transaction that others may call."""
    decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
    return not node.name.startswith("_") and "transaction.atomic" in decorators


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(file.relative_to(SOURCE))
        for file in python_files(".")
        if file.read_text().strip() and not ast.get_docstring(ast.parse(file.read_text()))
    ]

    assert silent == []


def test_no_room_for_leftovers() -> None:
    """Names that say nothing gather everything."""
    vague = {"utils", "helpers", "common", "misc", "manager", "managers", "service", "services", "handlers"}

    assert [str(f.relative_to(SOURCE)) for f in python_files(".") if f.stem in vague] == []


def test_settings_are_documented() -> None:
    page = (ROOT / "docs" / "run" / "settings.md").read_text()

    assert [v.name for v in env.VARIABLES if f"`{v.name}`" not in page] == []


def test_documented_settings_exist() -> None:
    page = (ROOT / "docs" / "run" / "settings.md").read_text()
    named = set(re.findall(r"`(PORTEVOIX_[A-Z_]+|DATABASE_URL)`", page))

    assert named == {v.name for v in env.VARIABLES}


@pytest.mark.parametrize("label", [label for labels in STOREYS for label in labels])
def test_personal_fields_are_declared(label: str) -> None:
    """What is held about a person is written in the noun's privacy.py, which exports and erases it."""
    personal = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.label in ("people.Person", "people.Account")
    ]
    if not personal:
        return

    declared = (SOURCE / label / "privacy.py").read_text()

    assert [name for name in personal if name.split(".")[0] not in declared] == []
