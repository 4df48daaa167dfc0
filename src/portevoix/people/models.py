"""Rows of who is here."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portevoix.core import clock
from portevoix.core.codes import new_code
from portevoix.core.tenancy import TenantModel
from portevoix.core.work import WorkRow
from portevoix.people.roles import Ability, Role, abilities_of, sees_studio


class Language(models.TextChoices):
    """The languages Portevoix speaks, each named in itself."""

    FRENCH = "fr", "Français"
    ENGLISH = "en", "English"
    ARABIC = "ar", "العربية"


class VisitorPeriod(models.TextChoices):
    """For how long a visitor of a tracked link is recognised."""

    DAY = "day", _("A day")
    MONTH = "month", _("A month")
    QUARTER = "quarter", _("A quarter")


class Organisation(models.Model):
    """A company, or any body that runs a programme. Its defaults are those of the product."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    name = models.CharField(max_length=120)
    website = models.URLField(max_length=500)
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.FRENCH)
    time_zone = models.CharField(max_length=64, default="Europe/Paris")
    country = models.CharField(max_length=2, default="FR")
    mail_domains = models.JSONField(default=list, blank=True)
    shares_per_day = models.PositiveSmallIntegerField(default=2)
    story_days = models.PositiveSmallIntegerField(default=14)
    active_story_limit = models.PositiveSmallIntegerField(default=25)
    visitor_period = models.CharField(
        max_length=8, choices=VisitorPeriod.choices, default=VisitorPeriod.MONTH
    )
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def initial(self) -> str:
        return self.name[:1].upper()


class AccountManager(BaseUserManager["Account"]):
    """Makes log-ins; an e-mail address is one log-in whatever its capitals."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        account = self.model(email=email.strip().lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """A log-in: an e-mail address, and the way its owner likes to read."""

    email = models.EmailField(unique=True, error_messages={"unique": _("This address already has a log-in.")})
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.FRENCH)
    theme = models.CharField(
        max_length=5, blank=True, default="", choices=[("light", "light"), ("dark", "dark")]
    )
    is_active = models.BooleanField(default=True)
    # Part of what every session of the account is signed with: a new mark ends them all.
    session_mark = models.CharField(max_length=16, default=new_code)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[AccountManager] = AccountManager()

    def __str__(self) -> str:
        return self.email

    def get_session_auth_hash(self) -> str:
        return _session_hash(self, settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return (_session_hash(self, secret) for secret in settings.SECRET_KEY_FALLBACKS)


def _session_hash(account: Account, secret: str | bytes) -> str:
    signed = account.password + account.session_mark
    return salted_hmac("portevoix.people.session", signed, secret=secret, algorithm="sha256").hexdigest()


class Team(TenantModel):
    """A group of people that works together; figures are shown by team, never by person."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    name = models.CharField(max_length=120)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="team_name_once")]

    def __str__(self) -> str:
        return self.name


class Participation(models.TextChoices):
    """Where a person stands with the programme. Theirs alone to change, with no reason asked."""

    NOT_JOINED = "not_joined", _("Not joined")
    JOINED = "joined", _("Joined")
    PAUSED = "paused", _("Paused")
    LEFT = "left", _("Left")


# Where a person may go from where they stand. Coming back is always possible.
MOVES: dict[str, frozenset[str]] = {
    Participation.NOT_JOINED: frozenset({Participation.JOINED}),
    Participation.JOINED: frozenset({Participation.PAUSED, Participation.LEFT}),
    Participation.PAUSED: frozenset({Participation.JOINED, Participation.LEFT}),
    Participation.LEFT: frozenset({Participation.JOINED}),
}


class Person(TenantModel):
    """An account within one organisation."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80, blank=True, default="")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="people")
    country = models.CharField(max_length=2, blank=True, default="")
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.FRENCH)
    time_zone = models.CharField(max_length=64, default="Europe/Paris")
    participation = models.CharField(
        max_length=12, choices=Participation.choices, default=Participation.NOT_JOINED
    )
    joined_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "account"], name="person_once")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def initial(self) -> str:
        return self.given_name[:1].upper()

    @property
    def takes_part(self) -> bool:
        return self.participation == Participation.JOINED

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles in force, read once per object."""
        return frozenset(grant.role for grant in self.grants.all() if grant.in_force)

    @property
    def abilities(self) -> frozenset[Ability]:
        return abilities_of(self.roles)

    @property
    def sees_studio(self) -> bool:
        return sees_studio(self.roles)

    def may(self, ability: Ability) -> bool:
        return ability in self.abilities

    def forget_roles(self) -> None:
        """Has the roles read again, after one was given or taken back."""
        self.__dict__.pop("roles", None)
        getattr(self, "_prefetched_objects_cache", {}).pop("grants", None)


class RoleGrant(TenantModel):
    """A role given to a person; a consultant's ends on a day that the client can see and bring forward."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    ends_on = models.DateField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "role"], name="role_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"

    @property
    def in_force(self) -> bool:
        return self.ends_on is None or clock.now().date() <= self.ends_on


class Audience(TenantModel):
    """A saved rule that says for whom a story is: see `rules.matches`."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    name = models.CharField(max_length=120)
    # {"teams": [codes], "countries": ["MA"], "languages": ["fr"], "roles": ["ambassador"]}; an absent key admits all.
    rule = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="audience_name_once")]

    def __str__(self) -> str:
        return self.name


class Invitation(TenantModel, WorkRow):
    """An invitation by e-mail, valid seven days, reminded once after 48 hours. The mail is this row's work."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    email = models.EmailField()
    given_name = models.CharField(max_length=80, blank=True, default="")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.AMBASSADOR)
    role_ends_on = models.DateField(null=True, blank=True)  # a consultant's mandate
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.FRENCH)
    # What lets a person in is this code *signed* (`invitation_tokens`): it travels in the mail and is kept nowhere.
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=models.Q(accepted_at__isnull=True, cancelled_at__isnull=True),
                name="one_open_invitation",
            )
        ]

    def __str__(self) -> str:
        return self.email

    def is_open(self, now: datetime) -> bool:
        """Whether it may still be accepted at that moment."""
        return self.accepted_at is None and self.cancelled_at is None and now < self.expires_at


class JoinLink(TenantModel):
    """A link by which anyone with an address of the company's mail domains may join by themselves."""

    code = models.CharField(max_length=32, unique=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code

    def is_open(self, now: datetime) -> bool:
        """Whether one may still join by it at that moment."""
        return self.closed_at is None and now < self.expires_at


class ApiToken(TenantModel):
    """What one of the organisation's own servers proves itself by. The secret is kept as a hash alone.

    It serves to tell conversions, nothing else.
    """

    code = models.CharField(max_length=16, unique=True, default=new_code)
    name = models.CharField(max_length=120)
    secret_hash = models.CharField(max_length=64, unique=True)
    beginning = models.CharField(max_length=12)  # to recognise it by
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)  # to the hour
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.beginning}… {self.name}"


class TrailEntry(TenantModel):
    """Who did what, when, to what. Written only by `trail.record`; never changed."""

    at = models.DateTimeField(db_index=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True, default="")
    facts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act}"
