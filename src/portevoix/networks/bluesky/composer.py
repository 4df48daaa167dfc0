"""Bluesky's own window."""

from portevoix.networks.composing import WindowComposer, window
from portevoix.networks.contract import Abilities, Draft, Limits, Network, Unit

COMPOSE = "https://bsky.app/intent/compose"


class Bluesky(WindowComposer):
    """The post window: 300 characters as a reader sees them, and 3,000 bytes. A link counts in full."""

    network = Network(
        key="bluesky",
        label="Bluesky",
        limits=Limits(max_length=300, unit=Unit.GRAPHEMES, max_bytes=3_000),
        abilities=Abilities(),
        fields=("text", "url"),
        doc_url="https://docs.bsky.app/docs/advanced-guides/intent-links",
    )

    def full_address(self, draft: Draft) -> str:
        """The window with the words and the link."""
        return window(COMPOSE, {"text": self.posted_text(draft)})

    def bare_address(self, draft: Draft) -> str:
        """The link alone; the words are pasted above it."""
        return window(COMPOSE, {"text": draft.url})
