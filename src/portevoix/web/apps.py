"""Tells Django that this room exists."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The room `web`: pages, components, templates; no rows."""

    name = "portevoix.web"
    label = "web"
