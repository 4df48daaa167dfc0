"""Failures that speak, for code without Django: a stable code, and an English sentence whose facts are filled in.

Storeys that know Django turn them into a `Refusal`, in the person's language.
"""

from typing import ClassVar


class Failure(Exception):
    """An anticipated failure. A kind of failure names its `code` and its `template`, which holds `%(fact)s` places."""

    code: ClassVar[str] = "failure"
    template: ClassVar[str] = "This could not be done."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The English sentence, its facts filled in."""
        return self.template % self.facts
