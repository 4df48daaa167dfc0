"""Agora's own window."""

from portevoix.networks.composing import WindowComposer, window
from portevoix.networks.contract import Abilities, Draft, Limits, Network, Unit

HOST = "agora.example"
COMPOSE = f"https://{HOST}/compose"


class Dummy(WindowComposer):
    """The post window; 600 characters as a reader sees them."""

    network = Network(
        key="dummy",
        label="Agora",
        limits=Limits(max_length=600, unit=Unit.GRAPHEMES),
        abilities=Abilities(),
        fields=("text", "url"),
        doc_url=f"https://{HOST}/",
        played_by=HOST,
    )

    def full_address(self, draft: Draft) -> str:
        """The window with the words and the link."""
        return window(COMPOSE, {"text": self.posted_text(draft)})

    def bare_address(self, draft: Draft) -> str:
        """The link alone; the words are pasted above it."""
        return window(COMPOSE, {"text": draft.url})
