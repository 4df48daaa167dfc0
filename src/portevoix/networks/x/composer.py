"""X's own window: words and link travel apart, and X joins them."""

from portevoix.networks.composing import WindowComposer, window, words_of
from portevoix.networks.contract import Abilities, Draft, Limits, Network, Unit

COMPOSE = "https://x.com/intent/tweet"


class X(WindowComposer):
    """The post window. X forbids near-identical texts from several accounts."""

    network = Network(
        key="x",
        label="X",
        limits=Limits(max_length=280, unit=Unit.WEIGHTED, link_length=23),
        abilities=Abilities(alike_texts=False),
        fields=("text", "url"),
        doc_url="https://docs.x.com/fundamentals/counting-characters",
    )
    joint = " "

    def full_address(self, draft: Draft) -> str:
        """The window with the words, and the link that X will set after them."""
        return window(COMPOSE, {"text": words_of(draft), "url": self.link_to_add(draft)})

    def bare_address(self, draft: Draft) -> str:
        """The window open and empty: the text to paste holds the link."""
        return COMPOSE
