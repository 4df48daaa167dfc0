"""Rows of the editorial line."""

from django.db import models
from django.utils.translation import get_language

from portevoix.core.codes import new_code
from portevoix.core.tenancy import TenantModel
from portevoix.people.models import Language


class Pillar(TenantModel):
    """A theme the company speaks about, named in each of its languages."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    names = models.JSONField(default=dict)  # {"fr": "Solaire en toiture", "en": …, "ar": …}
    description = models.TextField(blank=True, default="")
    target_share = models.PositiveSmallIntegerField(default=0)  # per cent of active stories
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name_in(get_language() or "fr")

    def name_in(self, language: str) -> str:
        """The name in that language, or in the first language that has one."""
        return self.names.get(language) or next((name for name in self.names.values() if name), self.code)


class DisclosureLine(TenantModel):
    """The sentence that says whom the author works for, first in every post."""

    language = models.CharField(max_length=5, choices=Language.choices)
    text = models.CharField(max_length=120)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "language"], name="disclosure_once")]

    def __str__(self) -> str:
        return self.text


class ForbiddenPhrase(TenantModel):
    """A wording the company avoids, why, and what to write instead."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    phrase = models.CharField(max_length=120)
    language = models.CharField(max_length=5, choices=Language.choices, blank=True, default="")  # empty: all
    reason = models.CharField(max_length=300)
    better = models.CharField(max_length=120, blank=True, default="")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "phrase"], name="phrase_once")]

    def __str__(self) -> str:
        return self.phrase
