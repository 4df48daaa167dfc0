"""What the composer draws: captions by language, network and angle; the flags in them; the previews beside them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from portevoix.core.errors import Refusal
from portevoix.editorial.queries import disclosure_lines, forbidden_phrases
from portevoix.editorial.rules import Finding, find_forbidden
from portevoix.library.models import Caption, Story
from portevoix.networks.contract import Composer, Draft
from portevoix.networks.registry import all_networks
from portevoix.people.models import Language

EVERY_NETWORK = ""
# The strictest counts for a text that goes everywhere: what fits on X fits anywhere.
STRICTEST = "x"
PREVIEWED = ("linkedin", "x", "whatsapp")
# Where LinkedIn folds a post behind "see more", about three lines on a desk.
FOLDS_AFTER = {"linkedin": 210}
SAMPLE_LINK = f"{settings.LINK_ADDRESS}/r/23456789"
_COMPOSERS: dict[str, Composer] = {composer.network.key: composer for composer in all_networks()}


@dataclass(frozen=True)
class Flag:
    """A wording to avoid in a caption, as the page and its script need it."""

    found: str
    reason: str
    better: str
    rule: int
    start: int
    end: int

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "start": self.start,
            "end": self.end,
            "better": self.better,
            "sentence": self.sentence,
            "reason": self.reason,
            "advice": self.advice,
        }

    @property
    def sentence(self) -> str:
        return _("“%(phrase)s”: wording to avoid (rule %(rule)s).") % {
            "phrase": self.found,
            "rule": self.rule,
        }

    @property
    def advice(self) -> str:
        return _("Rather “%(better)s”.") % {"better": self.better} if self.better else ""


@dataclass
class CaptionView:
    """One caption as it is edited."""

    code: str
    language: str
    network: str
    angle: str
    text: str
    place: int
    total: int
    disclosure: str
    is_current: bool
    error: str = ""
    flags: list[Flag] = field(default_factory=list)

    @cached_property
    def _composer(self) -> Composer:
        return _COMPOSERS.get(self.network or STRICTEST, _COMPOSERS[STRICTEST])

    @property
    def limit(self) -> int | None:
        return self._composer.network.limits.max_length

    @property
    def unit(self) -> str:
        return self._composer.network.limits.unit.value

    @property
    def link(self) -> str:
        """The link where it counts, so that the counter counts it too."""
        return SAMPLE_LINK if self._composer.link_length(SAMPLE_LINK) else ""

    @property
    def count(self) -> int:
        return self._composer.length(Draft(text=self.text, url=SAMPLE_LINK, disclosure=self.disclosure))

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.count > self.limit

    @property
    def counted_for(self) -> str:
        """The network whose counting is shown, when the text goes to all of them."""
        return "" if self.network else self._composer.network.label

    @property
    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The text cut where it is flagged, each piece with whether it is."""
        end = 0
        for flag in self.flags:
            yield self.text[end : flag.start], False
            yield self.text[flag.start : flag.end], True
            end = flag.end
        yield self.text[end:], False


@dataclass
class NetworkTab:
    """The captions of one language for one network, or for all of them."""

    key: str
    label: str
    is_current: bool
    captions: list[CaptionView]


@dataclass
class LanguageTab:
    """The captions of one language."""

    code: str
    label: str
    is_current: bool
    networks: list[NetworkTab]
    others: list[tuple[str, str]]

    @property
    def count(self) -> int:
        return sum(len(network.captions) for network in self.networks)


@dataclass(frozen=True)
class Preview:
    """A post as one network will draw it."""

    key: str
    label: str
    text: str
    language: str
    is_folded: bool
    count: int
    limit: int | None


@dataclass(frozen=True)
class Typed:
    """What stands in the page rather than in the rows: texts refused, and why."""

    texts: Mapping[str, str] = field(default_factory=dict)
    angles: Mapping[str, str] = field(default_factory=dict)
    refusals: Mapping[str, Refusal] = field(default_factory=dict)


def language_tabs(story: Story, chosen: str, typed: Typed, reader: str) -> list[LanguageTab]:
    """Every language with its captions; the current one is the chosen caption's, else the first that has any."""
    captions = list(story.captions.all())
    current = next((caption for caption in captions if caption.code == chosen), None)
    order = _languages(story, reader)
    first = next((code for code in order if any(c.language == code for c in captions)), order[0])
    views = {caption.code: caption for caption in captions}
    lines, rules = disclosure_lines(), list(forbidden_phrases())
    here = current.language if current else chosen if chosen in Language.values else first
    return [
        _language_tab(
            code,
            here,
            current,
            [c for c in views.values() if c.language == code],
            typed,
            lines.get(code, ""),
            rules,
        )
        for code in order
    ]


def previews(tabs: Iterable[LanguageTab]) -> list[Preview]:
    """How the current language's captions will look on the networks we draw."""
    tab = next(tab for tab in tabs if tab.is_current)
    return [_preview(tab, _COMPOSERS[key]) for key in PREVIEWED]


def flags_of(text: str, language: str, rules: list[Any]) -> list[Flag]:
    """The wordings to avoid in a text, with the number of each rule."""
    numbers = {rule.code: number for number, rule in enumerate(rules, start=1)}
    return [_flag(finding, numbers) for finding in find_forbidden(text, rules, language)]


def _flag(finding: Finding, numbers: Mapping[str, int]) -> Flag:
    return Flag(
        finding.found, finding.reason, finding.better, numbers[finding.code], finding.start, finding.end
    )


def _languages(story: Story, reader: str) -> list[str]:
    """The story's own language first, then the organisation's, then the reader's, then the others."""
    first = [story.language, story.organisation.language, reader, *Language.values]
    return [code for code in dict.fromkeys(first) if code in Language.values]


def _language_tab(
    code: str,
    here: str,
    current: Caption | None,
    captions: list[Caption],
    typed: Typed,
    disclosure: str,
    rules: list[Any],
) -> LanguageTab:
    used = list(dict.fromkeys(caption.network for caption in captions))
    used.sort(key=lambda key: (key != "", list(_COMPOSERS).index(key) if key in _COMPOSERS else 99))
    shown = current.network if current and current.language == code else (used or [EVERY_NETWORK])[0]
    networks = [
        NetworkTab(
            key,
            _label(key),
            key == shown,
            _views([c for c in captions if c.network == key], current, typed, disclosure, rules),
        )
        for key in used
    ]
    others = [(key, _label(key)) for key in (EVERY_NETWORK, *_COMPOSERS) if key not in used]
    return LanguageTab(code, Language(code).label, code == here, networks, others)


def _views(
    captions: list[Caption], current: Caption | None, typed: Typed, disclosure: str, rules: list[Any]
) -> list[CaptionView]:
    codes = [caption.code for caption in captions]
    shown = current.code if current and current.code in codes else codes[0]
    return [
        _view(caption, place, len(captions), caption.code == shown, typed, disclosure, rules)
        for place, caption in enumerate(captions, start=1)
    ]


def _view(
    caption: Caption,
    place: int,
    total: int,
    is_current: bool,
    typed: Typed,
    disclosure: str,
    rules: list[Any],
) -> CaptionView:
    text = typed.texts.get(caption.code, caption.text).replace("\r\n", "\n")
    refusal = typed.refusals.get(f"caption-{caption.code}")
    return CaptionView(
        code=caption.code,
        language=caption.language,
        network=caption.network,
        angle=typed.angles.get(caption.code, caption.angle),
        text=text,
        place=place,
        total=total,
        disclosure=disclosure,
        is_current=is_current,
        error=refusal.sentence if refusal else "",
        flags=flags_of(text, caption.language, rules),
    )


def _label(key: str) -> str:
    return _COMPOSERS[key].network.label if key in _COMPOSERS else _("All networks")


def _preview(tab: LanguageTab, composer: Composer) -> Preview:
    key, limits = composer.network.key, composer.network.limits
    view = _shown_on(tab, key)
    draft = Draft(text=view.text if view else "", url=SAMPLE_LINK, disclosure=view.disclosure if view else "")
    words = f"{draft.disclosure}\n{draft.text}".strip() if draft.text else ""
    fold = FOLDS_AFTER.get(key)
    is_folded = fold is not None and len(words) > fold
    text = words[:fold].rsplit(" ", 1)[0] if is_folded else words
    return Preview(
        key, composer.network.label, text, tab.code, is_folded, composer.length(draft), limits.max_length
    )


def _shown_on(tab: LanguageTab, key: str) -> CaptionView | None:
    """The caption that somebody sharing there is offered first: the network's own, else one for all."""
    by_key = {network.key: network for network in tab.networks}
    network = by_key.get(key) or by_key.get(EVERY_NETWORK)
    if network is None:
        return None
    return next((caption for caption in network.captions if caption.is_current), None)
