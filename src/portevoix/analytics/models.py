"""Rows of figures: roll-ups of clicks, what is still to be counted, and the exports that the worker prepares."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portevoix.core.codes import new_code
from portevoix.core.tenancy import TenantModel
from portevoix.core.work import WorkRow
from portevoix.people.models import Language, Organisation, Person


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


class Span(models.IntegerChoices):
    """How much time a roll-up holds. `at` counts it on the organisation's own clock: see `analytics.spans`."""

    HOUR = 1, "hour"
    DAY = 2, "day"
    MONTH = 3, "month"


class Dimension(models.IntegerChoices):
    """What the clicks of a roll-up have in common; `key` says which, `sub` which of a second kind.

    Numbers are kept in rows: never give one another meaning. Words stand as numbers (`links.packing`).
    """

    ALL = 1, "all"
    LINK = 2, "link"
    PERSON = 3, "person"
    STORY = 4, "story"
    STORY_NETWORK = 5, "story, network"
    STORY_TEAM = 6, "story, team"
    TEAM = 7, "team"  # of the person when they shared; 0: none
    NETWORK = 8, "network"
    COUNTRY = 9, "country"  # of the person when they shared
    LANGUAGE = 10, "language"  # of the visitor's browser
    DEVICE = 11, "device"
    HOUR = 12, "hour"  # key: hour of the day, sub: day of the week (0 is Monday), by the person's clock
    NETWORK_HOUR = 13, "network, hour"  # sub: hour of the week, by the person's clock
    REASON = 14, "reason"  # why a click was what it was: number in `links.batches`
    COMPANY = 15, "company"  # the company's own posts, which no other dimension holds
    STORY_COMPANY = 16, "story, company"


class Tally(TenantModel):
    """How many clicks of each kind there were in a span of time."""

    pk = models.CompositePrimaryKey("organisation", "span", "dimension", "at", "key", "sub")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    span = models.SmallIntegerField(choices=Span.choices)
    dimension = models.SmallIntegerField(choices=Dimension.choices)
    at = models.IntegerField()
    key = models.BigIntegerField()
    sub = models.BigIntegerField(default=0)
    people = models.BigIntegerField(default=0)
    repeats = models.BigIntegerField(default=0)
    previews = models.BigIntegerField(default=0)
    robots = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.get_dimension_display()} {self.key} {self.at}: {self.people}"


class Crowd(TenantModel):
    """Who they were, as a sketch (`analytics.sketches`): the people of the same row of `Tally`, each once.

    Rows are found by key, then time; those of a stretch of time by their index, the widest of each moment first.
    """

    pk = models.CompositePrimaryKey("organisation", "dimension", "span", "key", "at", "sub")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    span = models.SmallIntegerField(choices=Span.choices)
    dimension = models.SmallIntegerField(choices=Dimension.choices)
    at = models.IntegerField()
    key = models.BigIntegerField()
    sub = models.BigIntegerField(default=0)
    visitors = models.PositiveIntegerField()  # about how many
    sketch = models.BinaryField()

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(
                fields=["organisation", "dimension", "span", "at", "-visitors", "key"], name="widest_crowds"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_dimension_display()} {self.key} {self.at}: {self.visitors}"


class DayToRecount(TenantModel):
    """A day whose clicks are to be judged and counted anew from their batches: one came late, or the rules changed."""

    day = models.IntegerField()  # since 1970
    asked_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "day"], name="recounted_once")]

    def __str__(self) -> str:
        return str(self.day)


class MonthToFold(TenantModel):
    """A month some of whose days changed since its months' rows were made of them; read by its days until then."""

    month = models.IntegerField()  # since January of the year 0
    touched = models.PositiveBigIntegerField()  # `CountingTurn.number` when it was last added to

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "month"], name="folded_once")]

    def __str__(self) -> str:
        return f"{self.month // 12}-{self.month % 12 + 1:02}"


class Calendar(TenantModel):
    """The time zone that an organisation's days were counted in."""

    zone = models.CharField(max_length=64)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation"], name="one_calendar")]

    def __str__(self) -> str:
        return self.zone


class CountingTurn(models.Model):
    """One row: which process counts, and what came of it. `mark` is another after each count: whoever remembers an older
    one forgets what it remembers.
    """

    number = models.PositiveBigIntegerField(default=0)  # of counts so far
    mark = models.CharField(max_length=16, blank=True, default="")
    claimed_by = models.CharField(max_length=80, blank=True, default="")
    claimed_until = models.DateTimeField(null=True, blank=True)
    counted_to_ms = models.BigIntegerField(default=0)  # the latest click that was counted
    unknown_count = models.PositiveBigIntegerField(default=0)  # clicks on links that nobody shares

    def __str__(self) -> str:
        return str(self.number)
