"""Tokens by which an organisation's own servers speak to Portevoix: made, shown once, revoked."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.people import checks, trail
from portevoix.people.models import ApiToken, Organisation, Person

PREFIX = "pvt_"  # by which those who look for secrets in code know one
MOST_TOKENS = 20
USES_ARE_NOTED_EVERY = timedelta(hours=1)


@transaction.atomic
def create_api_token(
    *, organisation: Organisation, by: Person, name: str, now: datetime
) -> tuple[ApiToken, str]:
    """A token of that name, and its secret, which is said here and never again. Refuses a name that another bears."""
    tidy = checks.checked_name(name)
    standing = ApiToken.unscoped.filter(organisation=organisation, revoked_at=None)
    checks.refuse_taken(standing, tidy)
    if standing.count() >= MOST_TOKENS:
        raise Refusal("too_many_tokens", _("There are twenty tokens: revoke one that is no longer used."))
    secret = PREFIX + secrets.token_urlsafe(32)
    token: ApiToken = ApiToken.unscoped.create(
        organisation=organisation,
        name=tidy,
        secret_hash=hash_of_token(secret),
        beginning=secret[: len(PREFIX) + 4],
        created_by=by,
        created_at=now,
    )
    _record("create_api_token", token, by, now)
    return token, secret


@transaction.atomic
def revoke_api_token(*, token: ApiToken, by: Person, now: datetime) -> ApiToken:
    """Ends a token at once; a second time changes nothing."""
    row: ApiToken = ApiToken.unscoped.select_for_update().get(pk=token.pk)
    if row.revoked_at is None:
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        _record("revoke_api_token", row, by, now)
    return row


@transaction.atomic
def note_use_of_token(*, token: ApiToken, now: datetime) -> bool:
    """Says when a token was last used, to the hour, so that who tidies up knows which still serve; whether it did."""
    if token.used_at is not None and now - token.used_at < USES_ARE_NOTED_EVERY:
        return False
    return bool(ApiToken.unscoped.filter(pk=token.pk).update(used_at=now))


def hash_of_token(secret: str) -> str:
    """What is kept of a token: 256 bits of chance need no salt and no slowness."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(act: str, token: ApiToken, by: Person, now: datetime) -> None:
    trail.record(
        organisation_id=token.organisation_id,
        person=by,
        act=act,
        subject=token.code,
        now=now,
        name=token.name,
    )
