"""Threads' own window: words, and a link attached to them."""

from portevoix.networks.composing import WindowComposer, window, words_of
from portevoix.networks.contract import Abilities, Draft, Limits, Network, Unit

POST = "https://www.threads.net/intent/post"


class Threads(WindowComposer):
    """The post window. The link is counted with the words, in case it is written among them."""

    network = Network(
        key="threads",
        label="Threads",
        limits=Limits(max_length=500, unit=Unit.EMOJI_BYTES, max_links=5),
        abilities=Abilities(),
        fields=("text", "url"),
        doc_url="https://developers.facebook.com/docs/threads/threads-web-intents",
    )
    joint = " "

    def full_address(self, draft: Draft) -> str:
        """The window with the words and the attached link."""
        return window(POST, {"text": words_of(draft), "url": self.link_to_add(draft)})

    def bare_address(self, draft: Draft) -> str:
        """The link attached; the words are pasted."""
        return window(POST, {"url": draft.url})
