"""XING's own window for a link."""

from portevoix.networks.composing import LinkComposer, window
from portevoix.networks.contract import Abilities, Draft, Limits, Network, Unit


class Xing(LinkComposer):
    """The share window: the link alone. XING documents no length."""

    network = Network(
        key="xing",
        label="XING",
        limits=Limits(max_length=None, unit=Unit.GRAPHEMES),
        abilities=Abilities(text=False),
        fields=("url",),
        doc_url="https://dev.xing.com/plugins/share_button",
    )

    def full_address(self, draft: Draft) -> str:
        """The share window on the person's own link."""
        return window("https://www.xing.com/spi/shares/new", {"url": draft.url})
