"""From a person's words to the draft that a network's window takes, and back from a share. No writing here."""

from dataclasses import dataclass, replace

from portevoix.library.models import Story
from portevoix.links.queries import address_of
from portevoix.networks.contract import Attachment, Card, Draft
from portevoix.sharing import channels
from portevoix.sharing.disclosure import without_disclosure
from portevoix.sharing.models import Share


def own_part(text: str, lines: tuple[str, ...]) -> str:
    """What the person wrote: line breaks of one kind, none of the disclosure lines, which the draft puts first."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    for line in lines:
        kept = without_disclosure(kept, line)
    return kept


def draft_for(
    *, story: Story, words: str, language: str, disclosure: str, link_code: str, instance: str = ""
) -> Draft:
    """The draft of those words on that story, with the tracked link of that code."""
    return Draft(
        text=words,
        url=address_of(link_code),
        language=language,
        title=story.title,
        disclosure=disclosure,
        instance=instance,
    )


@dataclass(frozen=True)
class Beside:
    """What goes beside the words on a network that publishes by itself: a card for a story with a page, or pictures; a
    document; the company's own post; and whether a reward is at stake."""

    card: Card | None
    pictures: tuple[Attachment, ...]
    document: Attachment | None
    company_post: str
    is_rewarded: bool

    def added_to(self, draft: Draft) -> Draft:
        """The draft with it."""
        return replace(
            draft,
            card=self.card,
            pictures=self.pictures,
            document=self.document,
            company_post=self.company_post,
            is_rewarded=self.is_rewarded,
        )


def beside(story: Story) -> Beside:
    """What goes beside the words of that story."""
    rows = sorted(story.pictures.all(), key=lambda picture: (picture.position, picture.pk))
    pictures = tuple(Attachment(picture.code, alt=picture.alt) for picture in rows)
    card = Card(story.title, story.summary, next(iter(pictures), None)) if story.link else None
    paper = getattr(story, "document", None)
    return Beside(
        card=card,
        pictures=() if card else pictures,
        document=Attachment(paper.code, title=paper.title) if paper else None,
        company_post=story.company_post,
        is_rewarded=story.is_rewarded,
    )


def words_of(share: Share, lines: tuple[str, ...]) -> str:
    """The person's own words of a share: without any of the disclosure lines, and without the link of its own."""
    return own_part(_without_link(share), lines)


def _without_link(share: Share) -> str:
    url = address_of(share.link.code)
    return share.text.removesuffix(url).rstrip() if share.text.endswith(url) else share.text


def window_of(share: Share, instance: str = "") -> str:
    """The address that opens the share's network again on the same post; empty for channels without a window."""
    return channels.get(share.channel).window(_draft_again(share, instance))


def _draft_again(share: Share, instance: str) -> Draft:
    url, words = address_of(share.link.code), _without_link(share)
    return Draft(text=words, url=url, language=share.language, title=share.story.title, instance=instance)


def must_paste(share: Share, instance: str = "") -> bool:
    """Whether the window opened without the words: the network takes none, or they are too long for an address."""
    channel = channels.get(share.channel)
    if channel.composer is None:
        return False
    problems = channel.composer.problems(_draft_again(share, instance))
    return not channel.takes_text or any(problem.code == "address_too_long" for problem in problems)
