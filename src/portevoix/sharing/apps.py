"""Tells Django that this room exists, and listens to the others."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """The room `sharing`."""

    name = "portevoix.sharing"
    label = "sharing"

    def ready(self) -> None:
        from portevoix.sharing import (
            news,
            subscribers,  # noqa: F401  registers what it hears
        )

        news.register_kinds()
