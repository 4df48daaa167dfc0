"""What an open sheet carries: proof of who opened it on which story, and the seed of its links' codes.

The sheet shows the real link before the share exists. The token is signed, bound to one person and one story, and lives
a day; its seed gives one code per channel, which nobody else can work out, so a second tap finds the first one's share.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing

from portevoix.library.models import Story
from portevoix.links import codes
from portevoix.people.models import Person

LIFE = timedelta(hours=24)
SEED_BYTES = 16
_SALT = "portevoix.sharing.sheet"


class BadToken(ValueError):
    """The token is not ours, too old, or of another person or story."""


def new_token(person: Person, story: Story) -> str:
    """A fresh token for one opening of the sheet."""
    return signing.dumps([person.code, story.code, secrets.token_hex(SEED_BYTES)], salt=_SALT, compress=False)


def seed_of(token: str, person: Person, story: Story) -> str:
    """The seed of a token, when it is this person's on this story and younger than a day; else `BadToken`."""
    try:
        for_person, for_story, seed = signing.loads(token, salt=_SALT, max_age=LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        raise BadToken(token[:80]) from None
    if (for_person, for_story) != (person.code, story.code):
        raise BadToken(token[:80])
    return str(seed)


def link_code(seed: str, channel: str) -> str:
    """The code of the link that this sheet opens on this channel: always the same, and unguessable."""
    key = settings.SECRET_KEY.encode()
    drawn = iter(hmac.digest(key, f"{_SALT}\n{seed}\n{channel}".encode(), hashlib.sha512))

    def choose(alphabet: str) -> str:
        # Bytes past the last whole multiple are skipped, so that every sign is as likely as any other.
        fair = 256 - 256 % len(alphabet)
        return next(alphabet[byte % len(alphabet)] for byte in drawn if byte < fair)

    return codes.new_code(choose)
