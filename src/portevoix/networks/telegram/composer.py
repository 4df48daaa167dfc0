"""Telegram's own window: the link on top, the words below."""

from portevoix.networks.composing import WindowComposer, window, words_of
from portevoix.networks.contract import Abilities, Draft, Limits, Network, Unit

SHARE = "https://t.me/share/url"


class Telegram(WindowComposer):
    """The share window; the 4,096 characters hold link and words together."""

    network = Network(
        key="telegram",
        label="Telegram",
        limits=Limits(max_length=4_096, unit=Unit.UTF16),
        abilities=Abilities(),
        fields=("text", "url"),
        doc_url="https://core.telegram.org/widgets/share",
    )
    joint = "\n"

    def full_address(self, draft: Draft) -> str:
        """The link, then the words; without a link the words take its place, for Telegram wants one."""
        if not draft.url:
            return window(SHARE, {"url": words_of(draft)})
        return window(SHARE, {"url": draft.url, "text": words_of(draft)})

    def bare_address(self, draft: Draft) -> str:
        """The link alone; the words are pasted below it."""
        return window(SHARE, {"url": draft.url})

    def posted_text(self, draft: Draft) -> str:
        """The link on the first line, then the words, as Telegram sets them."""
        return self.joint.join(part for part in (draft.url, words_of(draft)) if part)

    def link_to_add(self, draft: Draft) -> str:
        """Always the link: Telegram sets it on top even when the words repeat it."""
        return draft.url
