"""Tells Django that this room exists."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """The room `library`."""

    name = "portevoix.library"
    label = "library"
