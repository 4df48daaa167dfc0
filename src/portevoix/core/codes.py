"""Public identifiers: short codes that cannot be guessed, in place of row numbers."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
LENGTH = 12


def new_code() -> str:
    """A fresh code of twelve characters, about 59 bits of chance, easy to read aloud."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
