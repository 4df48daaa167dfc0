"""Rows of tracked links and of the clicks on them, judged, in batches. Raw clicks live in segments on disk, not here."""

from datetime import datetime

from django.db import models

from portevoix.core.codes import new_code
from portevoix.core.tenancy import TenantModel
from portevoix.links.periods import Span
from portevoix.links.tagging import DEFAULTS, LONGEST_PATTERN, PARAMETERS


class Card(TenantModel):
    """What networks show of a link. The redirector reads this table by itself: its columns are a contract.

    `subject` is what the links are about, by a code of the storey above; `picture` is a path under the pages' address.
    """

    code = models.CharField(max_length=16, unique=True, default=new_code)
    subject = models.CharField(max_length=16)
    title = models.CharField(max_length=300)
    description = models.CharField(max_length=300, blank=True, default="")
    language = models.CharField(max_length=5)
    site = models.CharField(max_length=200, blank=True, default="")
    page = models.CharField(max_length=2000)
    picture = models.CharField(max_length=200, blank=True, default="")
    media_type = models.CharField(max_length=30, blank=True, default="")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    alt = models.CharField(max_length=300, blank=True, default="")
    drawing = models.FileField(upload_to="cards/", blank=True, default="")
    drawn_from = models.CharField(max_length=16, blank=True, default="")  # what the drawing says, as a digest
    updated_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "links_card"
        constraints = [models.UniqueConstraint(fields=["organisation", "subject"], name="one_card_a_subject")]

    def __str__(self) -> str:
        return self.title


class Link(TenantModel):
    """A tracked link. The redirector reads this table by itself: its columns are part of a contract with it."""

    code = models.CharField(max_length=16, unique=True)
    destination = models.CharField(max_length=2000)
    fallback = models.CharField(
        max_length=2000
    )  # where an expired or withdrawn link leads: the company's page
    expires_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    card = models.ForeignKey(Card, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
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


class LinkSetting(TenantModel):
    """How an organisation has its links made: the tags of destinations, click ids, and how long a click may lead on."""

    is_tagging = models.BooleanField(default=False)
    utm_source = models.CharField(max_length=LONGEST_PATTERN, blank=True, default=DEFAULTS["utm_source"])
    utm_medium = models.CharField(max_length=LONGEST_PATTERN, blank=True, default=DEFAULTS["utm_medium"])
    utm_campaign = models.CharField(max_length=LONGEST_PATTERN, blank=True, default=DEFAULTS["utm_campaign"])
    utm_content = models.CharField(max_length=LONGEST_PATTERN, blank=True, default=DEFAULTS["utm_content"])
    carries_click_ids = models.BooleanField(default=False)  # where a story does not say
    window_days = models.PositiveSmallIntegerField(default=30)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation"], name="one_link_setting")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {'tags' if self.is_tagging else 'no tags'}"

    @property
    def patterns(self) -> dict[str, str]:
        """The tags' patterns, by the names of their parameters."""
        return {name: getattr(self, name) for name in PARAMETERS}


class Site(TenantModel):
    """A site of the organisation, by its origin: browsers there may declare what a click led to."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    origin = models.CharField(max_length=300, db_index=True)  # https://www.company.example
    added_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "origin"], name="site_once")]

    def __str__(self) -> str:
        return self.origin


class Source(models.TextChoices):
    """Who told of a conversion. A server holds a token; a browser is in its visitor's hands, and is believed less."""

    SERVER = "server", "server"
    BROWSER = "browser", "browser"


class Conversion(TenantModel):
    """What a click led to, told by the company's site. Nothing of the visitor is in it.

    `mark` is the chance of the click id: what makes a second report the same one. It is emptied once no report can
    come any more.
    """

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="conversions")
    kind = models.CharField(max_length=40)
    value = models.BigIntegerField(null=True, blank=True)  # in the smallest unit of the currency
    currency = models.CharField(max_length=3, blank=True, default="")
    source = models.CharField(max_length=10, choices=Source.choices)
    reference = models.CharField(max_length=80, blank=True, default="")
    mark = models.CharField(max_length=16, blank=True, default="")
    clicked_at = models.DateTimeField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["link", "at"], name="conversion_by_link"),
            models.Index(fields=["organisation", "at"], name="conversion_by_day"),
            models.Index(fields=["organisation", "mark"], name="conversion_by_click"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "reference"],
                condition=~models.Q(reference=""),
                name="one_conversion_per_reference",
            ),
            models.UniqueConstraint(
                fields=["organisation", "mark", "kind"],
                condition=models.Q(reference="") & ~models.Q(mark=""),
                name="one_conversion_per_click_and_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


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


class JudgedBatch(models.Model):
    """Raw clicks judged each by itself, in columns (`batches`), until they are as old as raw clicks may become.

    Belongs to the machine, not to an organisation: a segment holds the clicks of all. `rules` is the edition of the
    judgement. `is_counted`: the figures hold it.
    """

    segment = models.CharField(max_length=80)
    start = models.BigIntegerField()
    end = models.BigIntegerField()
    count = models.PositiveIntegerField()
    first_ms = models.BigIntegerField()  # of its earliest click, in milliseconds since 1970
    last_ms = models.BigIntegerField()
    clicks = models.BinaryField()
    rules = models.CharField(max_length=16)
    judged_at = models.DateTimeField()
    is_counted = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["last_ms"], name="batch_by_end"),
            models.Index(fields=["first_ms"], name="batch_to_count", condition=models.Q(is_counted=False)),
        ]
        constraints = [models.UniqueConstraint(fields=["segment", "start"], name="batch_once")]

    def __str__(self) -> str:
        return f"{self.segment} {self.start}–{self.end}"


class SegmentProgress(models.Model):
    """How far a segment has been judged, and what could not be. Belongs to the machine, not to an organisation."""

    segment = models.CharField(max_length=80, unique=True)
    position = models.BigIntegerField(default=0)
    judged_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=80, blank=True, default="")  # whose to judge, until then
    claimed_until = models.DateTimeField(null=True, blank=True)
    lost_count = models.PositiveBigIntegerField(default=0)  # answered by the redirector, never written down
    closed_count = models.PositiveBigIntegerField(default=0)  # led to the company's page: brought nothing
    damaged_bytes = models.PositiveBigIntegerField(default=0)
    set_aside = models.CharField(max_length=12, blank=True, default="")  # why it is not read at all

    def __str__(self) -> str:
        return f"{self.segment} {self.position}"
