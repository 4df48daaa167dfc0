"""Rows of exports, which are prepared by the worker."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portevoix.core.codes import new_code
from portevoix.core.tenancy import TenantModel
from portevoix.core.work import WorkRow
from portevoix.people.models import Language, Person


class Export(TenantModel, WorkRow):
    """A file of figures being prepared, or ready. Erased seven days after it was made.

    `steps_done` of `steps_total` tells how far it is: a step is a story, a day, a group, a share.
    """

    class Kind(models.TextChoices):
        OVERVIEW = "overview", _("Overview")
        DAILY = "daily", _("Day by day")
        STORIES = "stories", _("Stories")
        MY_SHARES = "my_shares", _("My shares")

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        JSON = "json", "JSON"
        PARQUET = "parquet", "Parquet"

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    code = models.CharField(max_length=16, unique=True, default=new_code)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    format = models.CharField(max_length=8, choices=Format.choices, default=Format.CSV)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    requested_by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=5, choices=Language.choices)
    since_on = models.DateField()
    until_on = models.DateField()
    steps_done = models.PositiveIntegerField(default=0)
    steps_total = models.PositiveIntegerField(default=0)
    file = models.FileField(upload_to="exports/", blank=True)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
