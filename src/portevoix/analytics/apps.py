"""Tells Django that this room exists."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """The room `analytics`."""

    name = "portevoix.analytics"
    label = "analytics"
