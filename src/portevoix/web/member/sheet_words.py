"""What the sheet's button and the line under it say, for each channel: the button names what will happen."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Sentence
from portevoix.sharing.channels import COPY, DEVICE, QR
from portevoix.sharing.sheet import Tile

_OWN_BUTTONS: dict[str, Sentence] = {
    "email": _("Open the e-mail"),
    COPY: _("Copy the text"),
    QR: _("Show the QR code"),
    DEVICE: _("Choose an app"),
}
_OWN_LINES: dict[str, Sentence] = {
    "email": _("Your mail opens with this text. You are the one who sends it."),
    "whatsapp": _("WhatsApp opens with this text. You choose who receives it."),
    "telegram": _("Telegram opens with this text. You choose who receives it."),
    COPY: _("The text and your link are copied. Paste them where you like."),
    QR: _("It leads to the page through your own link. Show it, or print it."),
    DEVICE: _("Your device offers its apps. You are the one who publishes."),
}


@dataclass(frozen=True)
class ChannelWords:
    """The words of one channel."""

    button: str
    line: str
    opens_window: bool


def words_by_channel(tile: Tile) -> ChannelWords:
    """What the button does on that channel, and who publishes."""
    channel = tile.channel
    named = {"network": str(channel.label)}
    button = _OWN_BUTTONS.get(channel.key, _("Open %(network)s")) % named
    return ChannelWords(button=str(button), line=str(_line(tile) % named), opens_window=channel.is_network)


def _line(tile: Tile) -> Sentence:
    if own := _OWN_LINES.get(tile.channel.key):
        return own
    if not tile.channel.takes_text:
        return _("%(network)s only takes the link: your text is copied, paste it there.")
    return _("%(network)s opens with this text. You are the one who publishes.")
