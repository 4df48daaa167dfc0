"""Rows of what people declared they care about."""

from django.db import models

from portevoix.core.tenancy import TenantModel
from portevoix.editorial.models import Pillar
from portevoix.people.models import Person


class Taste(TenantModel):
    """A pillar a person chose to follow."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    pillar = models.ForeignKey(Pillar, on_delete=models.CASCADE, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "pillar"], name="taste_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.pillar_id}"
