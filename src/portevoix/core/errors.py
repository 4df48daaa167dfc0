"""What we say when we say no: `Refusal`, the one base class of every anticipated failure.

Two catchers only: the web layer and the API. Anything else that is raised is our bug.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    # Words for a person: plain, or translated when they are shown. The second type exists for the checker alone.
    Sentence = str | _StrPromise
else:
    Sentence = str


class Refusal(Exception):
    """An anticipated failure: a stable code, a sentence fit for the person, the facts it needs.

    `field` names the form's field that the sentence belongs beside, when there is one.
    """

    def __init__(
        self,
        code: str,
        sentence: Sentence,
        *,
        field: str = "",
        facts: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.facts = dict(facts or {})
        self._sentence = sentence

    @property
    def sentence(self) -> str:
        """The sentence in the language of the moment, its facts filled in."""
        return str(self._sentence) % self.facts if self.facts else str(self._sentence)

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"


class NotFound(Refusal):
    """Nothing of that code for this person: absent and forbidden are answered alike."""

    def __init__(self, what: str) -> None:
        super().__init__("not_found", what)
