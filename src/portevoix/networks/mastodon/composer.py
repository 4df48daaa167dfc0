"""The share window of the person's own Mastodon server."""

from collections.abc import Iterator

from portevoix.networks.composing import WindowComposer, encoded, window
from portevoix.networks.contract import Abilities, Draft, Limits, Network, Problem, Unit
from portevoix.networks.mastodon.instances import NotAnInstance, instance_host

# Mastodon's own page asks for the server; the text stays behind the #, so no third party reads it.
ASK_FOR_INSTANCE = "https://share.joinmastodon.org/#text="


class Mastodon(WindowComposer):
    """The share window; 500 characters unless the server says otherwise, a link always 23."""

    network = Network(
        key="mastodon",
        label="Mastodon",
        limits=Limits(max_length=500, unit=Unit.SHORT_LINKS, link_length=23),
        abilities=Abilities(),
        fields=("text", "url", "instance"),
        doc_url="https://docs.joinmastodon.org/user/posting/",
    )

    def full_address(self, draft: Draft) -> str:
        """The window of the person's server, or the page that asks for it."""
        return self._address(draft, self.posted_text(draft))

    def bare_address(self, draft: Draft) -> str:
        """The link alone; the words are pasted above it."""
        return self._address(draft, draft.url)

    def find_problems(self, draft: Draft) -> Iterator[Problem]:
        """As everywhere, and a server that cannot be understood is said."""
        yield from super().find_problems(draft)
        if draft.instance and not _understood(draft.instance):
            yield Problem("instance_not_understood", {"instance": draft.instance}, blocking=False)

    def _address(self, draft: Draft, text: str) -> str:
        try:
            host = instance_host(draft.instance)
        except NotAnInstance:
            return ASK_FOR_INSTANCE + encoded(text)
        return window(f"https://{host}/share", {"text": text})


def _understood(typed: str) -> bool:
    try:
        return bool(instance_host(typed))
    except NotAnInstance:
        return False
