"""Who draws a card of an address instead of following it: networks, messengers, mail, office tools.

Apart from `robots`, without its published lists, because the redirector asks at each new User-Agent.
"""

import re
from functools import lru_cache
from typing import Final

# Those that fetch an address to draw a card of it: networks, messengers, mail, office tools.
PREVIEWS: Final = re.compile(
    "|".join(
        (
            r"LinkedInBot|facebookexternalhit|Facebot|meta-externalfetcher|facebookcatalog|Twitterbot|TelegramBot",
            r"^WhatsApp(?:/[\d.]+)?(?:[ /][AaIiNn])?\b(?! ?W)|Slackbot|Slack-ImgProxy|Mastodon/|Pleroma|Misskey|Akkoma",
            r"gotosocial|Lemmy|Friendica|Bluesky Cardyb|Bluesky/|BlueskyPreview|Discordbot|SkypeUriPreview",
            r"MicrosoftPreview|BingPreview|Microsoft Teams.*[Pp]review|Teams(?:Bot|Preview)|vkShare|OdklBot|redditbot",
            r"Pinterest(?:bot)?/0\.|Pinterestbot|SnapURLPreview|Snap URL Preview|Viber\b.*[Bb]ot|LINE ?[Ll]inks?",
            r"Iframely|Embedly|Google Web Preview|Google-PageRenderer|Yahoo Link Preview|[Ll]ink[ -]?[Pp]review",
            r"RichLinkBot|LinkUnfurler|[Uu]nfurl(?:er|Bot|ing)|Chatwork LinkPreview|Discourse Forum Onebox|MetaInspector",
            r"SummalyBot|Mattermost-Bot|Zulip|GroupMeBot|KeybaseBot|Synapse(?: \(bot|/)|Valve/Steam HTTP Client",
        )
    )
)

CALLS_ITSELF_A_ROBOT: Final = re.compile(
    r"(?i:bot\b[/;) ]|bot$|crawl|spider\b|\bscraper|\+https?://|headless|lighthouse|synthetic|monitor(?:ing)?\b)"
)

# Browsers and applications of people whose name, or a word of it, stands on a list of crawlers.
PEOPLE_FIRST: Final = (
    # The client for Windows, and those that name the telephone; the fetchers of previews end in A, i or N.
    ("app", re.compile(r"^WhatsApp/[\d.]+ (?:W$|.*\bDevice/)")),
    ("app", re.compile(r"\[?FB(?:AN|AV|_IAB)/|MetaIAB (?:Facebook|Instagram)|\bCronet/\d")),
    ("app", re.compile(r"^Instagram \d[\d.]+ (?:Android|\()")),
    ("browser", re.compile(r"^(?:Lynx|ELinks|Links|w3m|NCSA[_ ]Mosaic|VMS[_ ]Mosaic|amaya|AmigaVoyager)\b", re.I)),
    ("browser", re.compile(r"Sogou(?:MSE|MobileBrowser)|\bMetaSr \d|\bSE \d\.X MetaSr")),
    ("browser", re.compile(r"^Mozilla/.*AppleWebKit/.* (?:Fluid|Charlotte|coc_coc_browser|CocCoc)/\d")),
    ("browser", re.compile(r"^Mozilla/.*Valve Steam (?:GameOverlay|Client|Tenfoot|FriendsUI)")),
)  # fmt: skip


@lru_cache(maxsize=2048)
def builds_preview(agent: str) -> bool:
    """Whether that User-Agent draws a card of what it fetches: the verdict `preview` of `robots`, sooner said."""
    agent = agent[:1000].strip()
    if not PREVIEWS.search(agent):
        return False
    is_person = any(pattern.search(agent) for _reason, pattern in PEOPLE_FIRST)
    return not is_person or CALLS_ITSELF_A_ROBOT.search(agent) is not None
