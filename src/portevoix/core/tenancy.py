"""The organisation in force. Rows of an organisation come out only while it is in force.

`Model.objects` is filtered to it and refuses to answer when there is none; `Model.unscoped` is for the worker, which
finds due rows of every organisation and then acts for the row's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import models

_in_force: ContextVar[int | None] = ContextVar("organisation_in_force", default=None)
Row = TypeVar("Row", bound=models.Model)


class NoOrganisation(RuntimeError):
    """A tenant's rows were asked for while no organisation is in force: our bug, never a person's."""


def organisation_in_force() -> int:
    """The row number of the organisation in force; `NoOrganisation` when there is none."""
    organisation_id = _in_force.get()
    if organisation_id is None:
        raise NoOrganisation("No organisation is in force: act within tenancy.acting_for(organisation_id).")
    return organisation_id


@contextmanager
def acting_for(organisation_id: int | None) -> Iterator[None]:
    """Puts an organisation in force for the block; `None` puts none in force."""
    token = _in_force.set(organisation_id)
    try:
        yield
    finally:
        _in_force.reset(token)


class TenantManager(models.Manager[Row]):
    """Gives only the rows of the organisation in force."""

    def get_queryset(self) -> models.QuerySet[Row]:
        return super().get_queryset().filter(organisation_id=organisation_in_force())


class TenantModel(models.Model):
    """A row that belongs to one organisation. Its manager is scoped; `unscoped` is for the worker."""

    organisation: Any = models.ForeignKey(
        "people.Organisation", on_delete=models.CASCADE, related_name="+", db_index=True
    )

    objects: Any = TenantManager()
    unscoped = models.Manager()

    class Meta:
        abstract = True
        base_manager_name = "unscoped"
