"""Rows of tracked links and of the clicks on them, judged. Raw clicks live in segments on disk, not here."""

from datetime import datetime

from django.db import models

from portevoix.core.tenancy import TenantModel
from portevoix.links.periods import Span


class Link(TenantModel):
    """A tracked link. The redirector reads this table by itself: its columns are part of a contract with it."""

    code = models.CharField(max_length=16, unique=True)
    destination = models.CharField(max_length=2000)
    fallback = models.CharField(
        max_length=2000
    )  # where an expired or withdrawn link leads: the company's page
    expires_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    carries_click_id = models.BooleanField(default=False)  # its destination is told which click it was
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "links_link"

    def __str__(self) -> str:
        return self.code

    def is_open(self, now: datetime) -> bool:
        return self.withdrawn_at is None and (self.expires_at is None or self.expires_at > now)


class ClickKey(TenantModel):
    """The secret that an organisation's click ids are made with (`click_ids`). The redirector reads it by itself."""

    name = models.CharField(max_length=8, unique=True)  # what click ids call it by, in hexadecimal
    secret = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "links_clickkey"
        constraints = [models.UniqueConstraint(fields=["organisation"], name="one_click_key")]

    def __str__(self) -> str:
        return self.name


class VisitorPeriod(TenantModel):
    """Days of the organisation's clock in which a visitor counts once, and the key of their hashes.

    The key is destroyed when the period is over; that there was one stays, for figures. The redirector reads this table
    by itself.
    """

    first_on = models.DateField()
    last_on = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    secret = models.BinaryField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "links_visitorperiod"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "first_on"], name="one_visitor_period_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.first_on} {self.last_on}"

    @property
    def span(self) -> Span:
        return Span(self.first_on, self.last_on, self.starts_at, self.ends_at)


class ClickKind(models.TextChoices):
    """What the judge made of a click; only `person` counts as a human click."""

    PERSON = "person", "person"
    DUPLICATE = "duplicate", "duplicate"
    PREVIEW = "preview", "preview"
    ROBOT = "robot", "robot"


class Click(TenantModel):
    """A judged click. Segment and position say which raw record it comes from, so that judging twice counts once."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="clicks")
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=ClickKind.choices)
    reason = models.CharField(max_length=40, blank=True, default="")
    visitor = models.CharField(max_length=16, blank=True, default="")
    referrer = models.CharField(max_length=255, blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")
    device = models.CharField(max_length=10, blank=True, default="")
    segment = models.CharField(max_length=80)
    position = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["link", "kind", "at"], name="click_by_link"),
            models.Index(fields=["organisation", "kind", "at"], name="click_by_organisation"),
            models.Index(fields=["visitor", "at"], name="click_by_visitor"),
        ]
        constraints = [models.UniqueConstraint(fields=["segment", "position"], name="judged_once")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind}"


class SegmentProgress(models.Model):
    """How far a segment has been judged, and what could not be. Belongs to the machine, not to an organisation."""

    segment = models.CharField(max_length=80, unique=True)
    position = models.BigIntegerField(default=0)
    judged_at = models.DateTimeField(null=True, blank=True)
    lost_count = models.PositiveBigIntegerField(default=0)  # answered by the redirector, never written down
    unknown_count = models.PositiveBigIntegerField(default=0)  # clicks on links that are not in the table
    closed_count = models.PositiveBigIntegerField(default=0)  # led to the company's page: brought nothing
    damaged_bytes = models.PositiveBigIntegerField(default=0)
    set_aside = models.CharField(max_length=12, blank=True, default="")  # why it is not read at all

    def __str__(self) -> str:
        return f"{self.segment} {self.position}"
