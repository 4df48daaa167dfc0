"""Facebook's own window for a link."""

from portevoix.networks.composing import LinkComposer, window
from portevoix.networks.contract import Abilities, Draft, Limits, Network, Unit


class Facebook(LinkComposer):
    """The sharer: the link alone, since Facebook lets no site write in a person's place."""

    network = Network(
        key="facebook",
        label="Facebook",
        limits=Limits(max_length=63_206, unit=Unit.UTF16),
        abilities=Abilities(text=False),
        fields=("url",),
        doc_url="https://developers.facebook.com/docs/sharing/reference/share-dialog",
    )

    def full_address(self, draft: Draft) -> str:
        """The sharer on the person's own link."""
        return window("https://www.facebook.com/sharer/sharer.php", {"u": draft.url})
