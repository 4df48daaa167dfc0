"""What networks show of a link: its card."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models.fields.files import FieldFile

from portevoix.links.actions.opening import checked, tell_redirector
from portevoix.links.cards import DRAWING_SIZE, CardFacts
from portevoix.links.models import Card, Link
from portevoix.people.models import Organisation


@transaction.atomic
def show_card(*, links: Iterable[Link], card: Card, now: datetime) -> int:
    """Has links show a card; says how many showed none, or another one."""
    rows = Link.unscoped.filter(pk__in=[link.pk for link in links]).exclude(card_id=card.pk)
    tell_redirector(list(rows.values_list("code", flat=True)))
    return rows.update(card=card)


@transaction.atomic
def keep_card(
    *,
    organisation: Organisation,
    subject: str,
    shown: CardFacts,
    now: datetime,
    drawing: bytes = b"",
    drawn_from: str = "",
) -> Card:
    """Keeps what networks show of the links about a subject; the first or another one.

    With a `drawing` (PNG) of our own, it is the picture; with neither it nor a picture, the drawing there is stays.
    """
    rows = Card.unscoped.select_for_update().filter(organisation=organisation, subject=subject)
    card = rows.first() or Card(organisation=organisation, subject=subject)
    for name, value in asdict(shown).items():
        setattr(card, name, value)
    card.page, card.updated_at = checked(shown.page), now
    if card.drawing and (drawing or shown.picture):
        _remove_later(card.drawing)
        card.drawing, card.drawn_from = "", ""
    if drawing:
        card.drawing.save(f"{card.code}.png", ContentFile(drawing), save=False)
        card.drawn_from = drawn_from
    if card.drawing:
        card.picture = f"/cards/{card.code}.png?v={card.drawn_from[:8]}"
        card.media_type, card.width, card.height, card.alt = "image/png", *DRAWING_SIZE, shown.title
    card.save()
    return card


def _remove_later(file: FieldFile) -> None:
    """The file goes once nobody is told of it any more."""
    storage, name = file.storage, file.name or ""
    transaction.on_commit(lambda: storage.delete(name))
