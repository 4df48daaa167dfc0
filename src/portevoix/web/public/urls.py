"""Addresses open to anyone."""

from django.urls import path

from portevoix.web.public import cards, health, introductions, language, pictures, privacy

urlpatterns = [
    path("pictures/<slug:code>", pictures.picture, name="picture"),
    path("cards/<slug:code>.png", cards.card, name="card"),
    path("language", language.set_language, name="set_language"),
    path("privacy", privacy.privacy, name="privacy"),
    path("oauth/<slug:network>/client.json", introductions.client, name="introduction"),
    path("oauth/<slug:network>/jwks.json", introductions.keys, name="introduction_keys"),
    path("health", health.health, name="health"),
]
