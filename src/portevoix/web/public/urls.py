"""Addresses open to anyone."""

from django.urls import path

from portevoix.web.public import health, language, pictures, privacy

urlpatterns = [
    path("pictures/<slug:code>", pictures.picture, name="picture"),
    path("language", language.set_language, name="set_language"),
    path("privacy", privacy.privacy, name="privacy"),
    path("health", health.health, name="health"),
]
