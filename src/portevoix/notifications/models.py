"""Rows of what people are to be told."""

from django.db import models

from portevoix.core.codes import new_code
from portevoix.core.tenancy import TenantModel
from portevoix.core.work import WorkRow
from portevoix.people.models import Person


class Notice(TenantModel, WorkRow):
    """One thing to tell one person. `key` says what it is about: the same is never told twice.

    `kind` has its words in `kinds`, with holes that `facts` fill; `path` is the page where something can be done.
    """

    code = models.CharField(max_length=16, unique=True, default=new_code)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    facts = models.JSONField(default=dict)
    path = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)  # no longer worth telling

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
