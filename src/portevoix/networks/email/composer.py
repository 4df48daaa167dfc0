"""A new message in the person's own mail program."""

from portevoix.networks.composing import WindowComposer, lines_of, window
from portevoix.networks.contract import Abilities, Draft, Limits, Network, Unit


class Email(WindowComposer):
    """A mailto address (RFC 6068). Mail programs on Windows stop at about 2,000 characters of address."""

    network = Network(
        key="email",
        label="E-mail",
        limits=Limits(max_length=None, unit=Unit.GRAPHEMES, max_address=2_000),
        abilities=Abilities(),
        fields=("title", "text", "url"),
        doc_url="https://www.rfc-editor.org/rfc/rfc6068",
    )

    def full_address(self, draft: Draft) -> str:
        """The message with its subject and its body, lines broken as mail wants them."""
        return self._address(draft, self.posted_text(draft))

    def bare_address(self, draft: Draft) -> str:
        """The message with its subject and the link; the words are pasted above it."""
        return self._address(draft, draft.url)

    def _address(self, draft: Draft, body: str) -> str:
        subject = " ".join(lines_of(draft.title).split())
        return window("mailto:", {"subject": subject, "body": body.replace("\n", "\r\n")})
