"""WhatsApp's own window: the person picks to whom."""

from portevoix.networks.composing import WindowComposer, window
from portevoix.networks.contract import Abilities, Draft, Limits, Network, Unit

SEND = "https://wa.me/"


class WhatsApp(WindowComposer):
    """A message ready to be sent; no limit is documented for it, so none is announced."""

    network = Network(
        key="whatsapp",
        label="WhatsApp",
        limits=Limits(max_length=None, unit=Unit.GRAPHEMES),
        abilities=Abilities(),
        fields=("text", "url"),
        doc_url="https://faq.whatsapp.com/5913398998672934",
    )

    def full_address(self, draft: Draft) -> str:
        """The choice of people, with the message written."""
        return window(SEND, {"text": self.posted_text(draft)})

    def bare_address(self, draft: Draft) -> str:
        """The link alone; the words are pasted above it."""
        return window(SEND, {"text": draft.url})
