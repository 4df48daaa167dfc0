"""Who clicks: people with their phones and desks, and the robots that come before and after them."""

from dataclasses import dataclass
from random import Random

# Browsers as they present themselves; versions are plausible, nothing is copied from a log.
PHONES = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/26.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/146.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/145.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 15; SM-A556B) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
    "Mozilla/5.0 (Linux; Android 14; Redmi Note 13) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/144.0.0.0 Mobile Safari/537.36",
)
DESKS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/146.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/146.0.0.0 Safari/537.36 Edg/146.0.0.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/26.1 Safari/605.1.15",
)
TABLETS = (
    "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Mobile/15E148 Safari/604.1",
)
PREVIEWS: dict[str, tuple[str, ...]] = {
    "linkedin": ("LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",),
    "facebook": ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",),
    "threads": ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",),
    "whatsapp": ("WhatsApp/2.2546.3 A", "WhatsApp/2.25.31 i"),
    "x": ("Twitterbot/1.0",),
    "telegram": ("TelegramBot (like TwitterBot)",),
    "mastodon": ("Mastodon/4.5.2 (http.rb/5.3.1; +https://social.example/) Bot",),
    "bluesky": ("Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)",),
    "email": (),
    "xing": ("XING-contenttabreceiver/2.0",),
}
ROBOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "python-requests/2.32.5",
    "curl/8.16.0",
    "",
)
REFERRERS: dict[str, tuple[str, ...]] = {
    "linkedin": ("https://www.linkedin.com/", "https://www.linkedin.com/", "https://lnkd.in/", ""),
    "facebook": ("https://l.facebook.com/", "https://m.facebook.com/", "https://www.facebook.com/"),
    "threads": ("https://l.threads.com/", ""),
    "whatsapp": ("", "", "", "https://web.whatsapp.com/"),
    "x": ("https://t.co/",),
    "telegram": ("", "https://web.telegram.org/"),
    "mastodon": ("",),
    "bluesky": ("https://go.bsky.app/", ""),
    "email": ("", "", "https://mail.google.com/", "https://outlook.live.com/"),
    "xing": ("https://www.xing.com/",),
}
_LANGUAGES: dict[str, tuple[str, ...]] = {
    "MA": (
        "fr-MA,fr;q=0.9,ar;q=0.8",
        "fr-FR,fr;q=0.9,en;q=0.7",
        "fr-FR,fr;q=0.9,en;q=0.7",
        "ar-MA,ar;q=0.9,fr;q=0.8",
        "ar,fr;q=0.8,en;q=0.6",
    ),
    "FR": (
        "fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7",
        "fr-FR,fr;q=0.9",
        "fr,en;q=0.8",
        "en-GB,en;q=0.9,fr;q=0.6",
        "de-DE,de;q=0.9,en;q=0.7",
    ),
}


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser. Addresses come from the ranges reserved for documentation."""

    address: str
    user_agent: str
    accept_language: str


def new_visitor(rng: Random, country: str) -> Visitor:
    """A visitor of that country; two in three hold a phone."""
    kind = rng.random()
    agents = PHONES if kind < 0.68 else DESKS if kind < 0.96 else TABLETS
    return Visitor(_address(rng), rng.choice(agents), rng.choice(_LANGUAGES[country]))


def _address(rng: Random) -> str:
    return f"2001:db8:{rng.randrange(0x10000):x}:{rng.randrange(0x10000):x}::{rng.randrange(1, 0x10000):x}"
