"""Tells Django that this room exists, and listens to the others."""

from django.apps import AppConfig


class LinksConfig(AppConfig):
    """The room `links`."""

    name = "portevoix.links"
    label = "links"

    def ready(self) -> None:
        from portevoix.links import subscribers  # noqa: F401  registers what it hears
