"""LinkedIn's own window, opened with the text."""

from portevoix.networks.composing import WindowComposer, window
from portevoix.networks.contract import Abilities, Draft, Limits, Network, Unit


class LinkedIn(WindowComposer):
    """The feed with its editor open: widely used, documented nowhere, so the face also offers a copy."""

    network = Network(
        key="linkedin",
        label="LinkedIn",
        limits=Limits(max_length=3_000, unit=Unit.LITTLE_TEXT),
        abilities=Abilities(),
        fields=("text", "url"),
        doc_url="https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api",
    )

    def full_address(self, draft: Draft) -> str:
        """The editor with the words and the link; plain text here, backslashes belong to the API."""
        parameters = {"shareActive": "true", "text": self.posted_text(draft)}
        return window("https://www.linkedin.com/feed/", parameters)

    def bare_address(self, draft: Draft) -> str:
        """The editor open and empty: the text to paste holds the link."""
        return window("https://www.linkedin.com/feed/", {"shareActive": "true"})

    def link_only_url(self, draft: Draft) -> str:
        """The documented window, which takes the link and nothing else."""
        return window("https://www.linkedin.com/sharing/share-offsite/", {"url": draft.url})
