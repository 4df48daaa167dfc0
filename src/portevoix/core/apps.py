"""Tells Django that the toolbox has rows of its own."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The toolbox `core`."""

    name = "portevoix.core"
    label = "core"
