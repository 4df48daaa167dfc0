"""The server where a person's account lives, read from whatever they typed."""

import regex

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HANDLE = regex.compile(r"@?[\w.-]*")
HOST_NAME = regex.compile(rf"(?=.{{4,253}}\Z)(?:{LABEL}\.)+(?:xn--[a-z0-9-]{{1,59}}|[a-z]{{2,63}})")


class NotAnInstance(ValueError):
    """What was typed names no server."""


def instance_host(typed: str) -> str:
    """The host name in an address, a handle (@ana@server.example) or a bare name.

    Refuses, as NotAnInstance, ports, numeric addresses, names of one word and anything that is not a
    public host name: the result is safe inside an address.
    """
    host = typed.strip().lower().removeprefix("https://").removeprefix("http://")
    user, _at, host = host.split("/", 1)[0].rpartition("@")
    if not HANDLE.fullmatch(user):
        raise NotAnInstance(typed)
    try:
        plain = host.encode("idna").decode("ascii")
    except UnicodeError:
        raise NotAnInstance(typed) from None
    if not HOST_NAME.fullmatch(plain):
        raise NotAnInstance(typed)
    return plain
