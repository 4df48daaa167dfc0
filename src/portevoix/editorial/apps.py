"""Tells Django that this room exists."""

from django.apps import AppConfig


class EditorialConfig(AppConfig):
    """The room `editorial`."""

    name = "portevoix.editorial"
    label = "editorial"
