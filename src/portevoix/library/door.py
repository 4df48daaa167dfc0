"""The way out of the library, with the rules that the operator set."""

from django.conf import settings

from portevoix.core.http import Door


def outgoing_door() -> Door:
    """The door that `PORTEVOIX_OUTGOING_ALLOW` and `PORTEVOIX_STAND_INS` describe."""
    environment = settings.ENVIRONMENT
    return Door(allow=environment.outgoing_allow, stand_ins=environment.stand_ins)
