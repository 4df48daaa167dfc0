"""Addresses of the member pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
