"""Who clicked: a person, a link preview, or a robot, and why.

Two published lists of crawlers are asked (packages `crawler-user-agents` and `crawlerdetect`), then general rules.
The lists alone are too eager: they hold words that also name telephones (HTC Butterfly, ViewSonic), builds of Android and
browsers of flesh-and-blood people (Sogou, Fluid, Lynx). So the model of the telephone is left out of what they see, and
browsers that carry such a word are recognised first.

A verdict is a judgement on one click, from facts alone. Habits over several clicks are judged in `bursts`.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Final, Literal, NamedTuple

from crawlerdetect import providers
from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from portevoix.links.previews import CALLS_ITSELF_A_ROBOT, PEOPLE_FIRST, PREVIEWS

Kind = Literal["person", "preview", "robot"]


class Verdict(NamedTuple):
    """What a click is, and the stable code of the reason; `reason_words` turns the code into a sentence."""

    kind: Kind
    reason: str

    @property
    def is_person(self) -> bool:
        return self.kind == "person"


REASONS: Final = {
    "browser": "looks like a browser in a person's hands",
    "app": "opened inside an application that people use",
    "head": "asked only whether the address exists (HEAD)",
    "prefetch": "fetched ahead by a browser; nobody had clicked yet",
    "no-agent": "gave no User-Agent",
    "preview": "builds the preview of a link for a network or a messenger",
    "listed": "is on a published list of crawlers",
    "names-itself": "calls itself a robot",
    "gives-contact": "leaves an address where its owner can be reached, as robots do",
    "library": "is a programming library, not a browser",
    "headless": "is a browser driven by a program",
    "too-short": "is too short for a browser",
    "malformed": "is not written as browsers write it",
    "unknown-program": "is written as a browser, but names a program that is none",
    "bare-product": "is a lone program name, without a word on the machine",
    "burst": "clicked faster than a person can",
}


def reason_words(reason: str) -> str:
    """The sentence that goes with a reason; the code itself for one this version does not know."""
    return REASONS.get(reason, reason)


@cache
def edition() -> str:
    """What the judgement goes by, as sixteen signs: others when a published list or a rule of our own changed."""
    named = (*PEOPLE_FIRST, *_ROBOTS)
    alone = (PREVIEWS, CALLS_ITSELF_A_ROBOT, _APPS, _MODEL, _LOOKALIKES, _LOOSE_WRITERS)
    own = [(name, pattern.pattern) for name, pattern in named] + [pattern.pattern for pattern in alone]
    published = (CRAWLER_USER_AGENTS_DATA, providers.crawlers.data, providers.exclusions.data)
    return blake2b(repr((own, published)).encode(), digest_size=8).hexdigest()


def judge_agent(user_agent: str | None) -> Verdict:
    """The verdict on a User-Agent alone. Remembers the agents it has seen; sees at most 1,000 characters."""
    return _judge(user_agent[:1000].strip() if user_agent else "")


_PREVIEW: Final = Verdict("preview", "preview")


@lru_cache(maxsize=65_536)
def _judge(agent: str) -> Verdict:
    if not agent:
        return Verdict("robot", "no-agent")
    if agent in _published_samples():
        return _PREVIEW if PREVIEWS.search(agent) else Verdict("robot", "listed")
    for reason, pattern in PEOPLE_FIRST:
        if pattern.search(agent) and not CALLS_ITSELF_A_ROBOT.search(agent):
            return Verdict("person", reason)
    if PREVIEWS.search(agent):
        return _PREVIEW
    return _judge_stranger(_without_model(agent))


def _judge_stranger(agent: str) -> Verdict:
    for reason, pattern in _ROBOTS:
        if pattern.search(agent):
            return Verdict("robot", reason)
    if _is_listed(agent):
        return Verdict("robot", "listed")
    return Verdict("person", "app" if _APPS.search(agent) else "browser")


_APPS: Final = re.compile(
    r"FBAN|FBAV|FB_IAB|Instagram|LinkedInApp|Twitter for|TwitterAndroid|Pinterest/|Snapchat|musical_ly|BytedanceWebview"
    r"|TikTok|MicroMessenger|\bLine/|KAKAOTALK|GSA/|Slack|Teams/|Outlook|; wv\)|CFNetwork"
)

# What may follow "compatible;" in the agent of a browser of the old days.
_OLD_BROWSERS: Final = (
    r"MSIE|Gecko/|Konqueror|OffByOne|iCab|IBrowse|AWeb|Voyager|Opera|NetPositive|Dillo|NetSurf|ABrowse|Elaine|AvantGo|Netgem|PPC"
    r"|Windows|Linux|Mac|U;|X11|SunOS|BeOS|AmigaOS|Series|Symbian|EudoraWeb|NetBox|WebTV|Planetweb"
)
# What makes a lone word a browser, or a telephone, all the same.
_BARE_BROWSERS: Final = (
    r"browser|wap|iphone|ipod|ipad|midp|mobile|opera|mozilla|safari|firefox|chrome|netfront|dillo|icab|ucweb|lynx|links"
    r"|w3m|hotjava|cyberdog|ibrowse|midori|epiphany|konqueror|galeon|arora|emacs|netsurf|omniweb|mosaic|surf|uzbl|retawq"
    r"|amaya|bunjalloo|doris|obigo|maui|openwave|blackberry|nokia|samsung|sonyericsson|motorola|mot-|lg[-/e]|sie-|sec-|sgh-"
    r"|zte|huawei|htc|alcatel|panasonic|sharp|docomo|kddi|vodafone|palm|danger|psp|playstation|nintendo|xbox|roku|kindle"
    r"|nook|instagram|snapchat|pinterest|linkedin|twitter|tiktok|musical_ly|wechat|micromessenger|kakao|line/|outlook"
)

_ROBOTS: Final = (
    ("headless", re.compile(r"(?i)headless|phantomjs|slimerjs|puppeteer|playwright|selenium|webdriver|cypress/")),
    (
        "names-itself",
        re.compile(
            r"(?i:[a-z0-9_.-]*(?<!cu)bots?(?:[/;,):@ _-]|$)(?<!\bno-bot)|\brobot|crawl|spider|\bscrap(?:er|ing|y)\b"
            r"|archiver|\bfetcher|link ?check|validator|\bmonitor(?:ing)?\b|uptime|health[ -]?check|site ?map|indexer"
            r"|\bslurp\b|\bscanner\b|feed ?(?:fetch|pars|read)|\brss\b)"
        ),
    ),
    (
        "library",
        re.compile(
            r"(?i:^(?:curl|wget|python|java|ruby|perl|php|go|rust|lua|node|deno|bun|axios|undici|got|reqwest|hyper|okhttp"
            r"|guzzle|httpie|httpclient|http_request|libwww|lwp|mechanize|faraday|typhoeus|restsharp|postman\w*|insomnia"
            r"|dart|elixir|erlang|scala|kotlin|ktor\w*|winhttp|wininet|powershell|aiohttp|httpx|requests|urllib\d?|fetch"
            r"|fasthttp|colly|nutch|scrapy|jakarta|apache|zend|symfony|drupal|wordpress|joomla)\b[-/ ;.\w]*)"
            r"|(?i:python-|go-http|apache-http|http-?client|httpunit|libcurl|libwww|winhttp|guzzlehttp|node-fetch"
            r"|rest-client|okhttp/)"
        ),
    ),
    ("gives-contact", re.compile(r"(?i)\(\+?(?:https?://|mailto:|www\.)|\+https?://|; ?https?://|[\w.-]+@[\w-]+\.\w{2}")),
    ("too-short", re.compile(r"^.{0,6}$|^Mozilla/?\d?\.?\d?$|^Mozilla/\d\.\d \(?(?:compatible;?)?\)?$", re.DOTALL)),
    (
        "malformed",
        re.compile(
            r"[\x00-\x08\x0a-\x1f\x7f]|\$\{|<\?|<script|(?i:\bselect\b.*\bfrom\b)|^[\W\d_]+$"
            r"|^Mozilla/5\.0 (?!.*(?:WebKit|Gecko))[^()]*$"
            r"|KHTML, like Gecko; "
        ),
    ),
    (
        "unknown-program",
        re.compile(rf"^Mozilla/\d\.\d \(compatible; (?!{_OLD_BROWSERS})[\w.-]+[/;)](?!.*(?:Gecko|WebKit))"),
    ),
    ("bare-product", re.compile(rf"^(?!(?i:.*(?:{_BARE_BROWSERS})))[A-Za-z][\w.+-]{{0,40}}(?:/v?[\d.]+\w*)?$")),
)  # fmt: skip

# "; SM-G991B Build/…" of an Android: the maker chose these words, the program did not.
_MODEL: Final = re.compile(
    r"(Android[ /]?[\d.]*(?:; ?(?:U|[a-z]{2}[-_][A-Za-z]{2}|[a-z]{2}))*; ?)(?![^;)]*https?:)(?:(?! AppleWebKit)[^;)])*"
    r"|^[\w+ -]+/[\w.]+ (?=Release/)"
)
# Words that hold a crawler's name by chance.
_LOOKALIKES: Final = re.compile(r"(?i)com\.yandex\.[\w/.]+|Webster Pro|libwww-FM|\bCubot|BOTECH")
_LOOSE_WRITERS: Final = re.compile(r"\bMSIE \d|Trident/\d|HbbTV/")


def _without_model(agent: str) -> str:
    return _MODEL.sub(lambda match: match[1] or "", agent)


def _is_listed(agent: str) -> bool:
    if _crawler_user_agents().finds(agent):
        return True
    if _LOOSE_WRITERS.search(
        agent
    ):  # toolbars, banks and makers of television sets wrote what they liked into it
        return False
    harmless, crawlers = _crawlerdetect()
    return crawlers.finds(harmless.sub("", _LOOKALIKES.sub("", agent)).lower())


_PLAIN: Final = re.compile(r"(?:[^\\.^$*+?{}\[\]|()]|\\[^a-zA-Z0-9])+")


class _Published:
    """A published list, asked fast: its plain words by a search of text, only the rest as regular expressions."""

    def __init__(self, patterns: Iterable[str], flags: int = 0) -> None:
        known = list(patterns)
        words = [re.sub(r"\\([^a-zA-Z0-9])", r"\1", p) for p in known if _PLAIN.fullmatch(p)]
        rest = [f"(?:{p})" for p in known if not _PLAIN.fullmatch(p)]
        self.words = tuple(word.lower() for word in words) if flags & re.IGNORECASE else tuple(words)
        self.pattern = re.compile("|".join(rest) or r"(?!)", flags)

    def finds(self, agent: str) -> bool:
        return any(word in agent for word in self.words) or self.pattern.search(agent) is not None


@cache
def _published_samples() -> frozenset[str]:
    return frozenset(
        sample.strip() for entry in CRAWLER_USER_AGENTS_DATA for sample in entry.get("instances", ())
    )


@cache
def _crawler_user_agents() -> _Published:
    return _Published(entry["pattern"] for entry in CRAWLER_USER_AGENTS_DATA)


@cache
def _crawlerdetect() -> tuple[re.Pattern[str], _Published]:
    """What the list holds harmless and cuts out first, and what it looks for in the rest (in small letters)."""
    harmless = re.compile("|".join(providers.exclusions.data), re.IGNORECASE)
    return harmless, _Published(providers.crawlers.data, re.IGNORECASE)
