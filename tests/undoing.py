"""Trying something without a trace."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    """What the block writes is taken back, so that the next person finds the same object."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
