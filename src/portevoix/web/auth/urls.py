"""Addresses of the auth pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
