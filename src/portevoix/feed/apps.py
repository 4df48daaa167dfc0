"""Tells Django that this room exists."""

from django.apps import AppConfig


class FeedConfig(AppConfig):
    """The room `feed`."""

    name = "portevoix.feed"
    label = "feed"
