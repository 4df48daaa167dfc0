"""Addresses on the web: made whole, fit to show, and one, so that the same link never makes two stories.

Two promises, in this order: different pages are never taken for one; the same page is taken for one as often
as that allows. So tracking parameters, the fragment, http against https and a last slash are forgotten, while
`www.`, the case of the path and unknown parameters are kept.
"""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

import idna

from portevoix.core.failures import Failure

SCHEMES = ("http", "https")
DEFAULT_PORTS = {"http": 80, "https": 443}

# Names that only say where a visitor came from, by the documents of Google, Meta, Microsoft, X, TikTok,
# LinkedIn, Yandex, Mailchimp, HubSpot, Marketo, Piano (AT Internet), Matomo, Vero and Olytics.
TRACKING = re.compile(
    r"(utm_\w+|mc_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|srsltid|msclkid|twclid|ttclid|li_fat_id|yclid|ysclid"
    r"|igshid|igsh|_hsenc|_hsmi|__hs\w+|hsctatracking|mkt_tok|xtor|at_(medium|campaign|custom\d|link\w*|ptr\w*|bbc\w*)"
    r"|(mtm|pk|matomo|piwik)_(campaign|kwd|keyword|source|medium|content|cid|group|placement)"
    r"|vero_(id|conv)|oly_(enc|anon)_id|_ga|_gl|wickedid|s_kwcid|ef_id|epik|ref_src|ref_url)",
    re.IGNORECASE,
)

# The URL standard's percent-encode sets for a path and for a query (https://url.spec.whatwg.org/#percent-encoded-bytes).
PATH_KEPT = "!$%&'()*+,/:;=@[]\\^|~"
MARKS = "!'()*"  # plain in paths to everybody since RFC 2396
QUERY_KEPT = "!$%&()*+,/:;=?@[]\\^`{|}~"
ENCODED = re.compile(r"%[0-9a-fA-F]{2}")
DOUBLED_SLASHES = re.compile(r"(?<!:)/{2,}")
HOST_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
CAMPAIGN = re.compile(r"utm_\w+", re.IGNORECASE)


class NotAnAddress(Failure):
    """A text that is no http or https address with a host."""

    code = "not_an_address"
    template = "This is not a web address: %(address)s"

    def __init__(self, address: str) -> None:
        super().__init__(address=address[:200])


def absolute_address(base: str, link: str) -> str | None:
    """The http or https address that a link means on a page, ready to show; None when it means no such thing.

    Log-ins and campaign parameters are dropped; doubled slashes, a slip of templates, are made one.
    """
    link = _tidied(link)
    try:
        parts = urlsplit(urljoin(base, link))
        host = _host(parts)
    except ValueError:
        return None
    if not link or parts.scheme not in SCHEMES or not host:
        return None
    path = DOUBLED_SLASHES.sub("/", _unescaped(_encoded(parts.path, PATH_KEPT), MARKS)) or "/"
    query = _without(parts.query, CAMPAIGN)
    return urlunsplit(
        (parts.scheme, host, path, _encoded(query, QUERY_KEPT), _encoded(parts.fragment, QUERY_KEPT))
    )


def canonical_address(url: str) -> str:
    """The one spelling of an address, to compare and never to fetch; raises `NotAnAddress`."""
    try:
        parts = urlsplit(_tidied(url))
        host = _host(parts)
    except ValueError as why:
        raise NotAnAddress(url) from why
    if parts.scheme not in SCHEMES or not host:
        raise NotAnAddress(url)
    path = _unescaped(_without_dots(_encoded(parts.path, PATH_KEPT)))
    return urlunsplit(
        ("https", host, path.rstrip("/") or "/", _sorted_query(parts.query), _route(parts.fragment))
    )


def site_name(url: str) -> str:
    """The host of an address as people say it: without `www.`, in its own letters."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    try:
        return idna.decode(host)
    except idna.IDNAError:
        return host


def _tidied(text: str) -> str:
    # Browsers drop tabs and line ends anywhere in an address, and spaces around it.
    text = re.sub(r"[\t\r\n]", "", text).strip(" \x00\x0b\x0c\u00a0\ufeff")
    return re.sub(r"^[^?#]*", lambda found: found.group().replace("\\", "/"), text)


def _host(parts: SplitResult) -> str:
    """Lower case, ASCII, without log-in, last dot or default port; raises ValueError."""
    if not parts.hostname:
        return ""
    name = f"[{ip_address(parts.hostname)}]" if ":" in parts.hostname else _ascii(parts.hostname.rstrip("."))
    port = parts.port
    return name if port in (None, DEFAULT_PORTS.get(parts.scheme)) else f"{name}:{port}"


def _ascii(name: str) -> str:
    # Real hosts carry underscores, which the rules of international names refuse: judge only what needs them.
    written = name.lower() if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    if not HOST_NAME.fullmatch(written):
        raise ValueError(name)
    return written


def _encoded(text: str, kept: str) -> str:
    return re.sub(r"%(?![0-9a-fA-F]{2})", "%25", quote(text, safe=kept, errors="replace"))


def _unescaped(path: str, also: str = "") -> str:
    """Undo the escapes that change nothing, write the others in capitals (RFC 3986 §6.2.2)."""

    def plain(found: re.Match[str]) -> str:
        letter = unquote_to_bytes(found.group()).decode("latin-1")
        is_plain = letter.isascii() and (letter.isalnum() or letter in "._~-" + also)
        return letter if is_plain else found.group().upper()

    return ENCODED.sub(plain, path)


def _without_dots(path: str) -> str:
    """`.` and `..` resolved, never above the root (RFC 3986 §5.2.4)."""
    kept: list[str] = []
    segments = path.lstrip("/").split("/")
    for segment in segments:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join([*kept, ""] if segments[-1] in (".", "..") else kept)


def _without(query: str, pattern: re.Pattern[str]) -> str:
    fields = query.split("&")
    return "&".join(field for field in fields if not pattern.fullmatch(field.partition("=")[0]))


def _sorted_query(query: str) -> str:
    """Parameters in order of name; those of one name keep their order, which may mean something."""
    known = _unescaped(_encoded(_without(query, TRACKING), QUERY_KEPT))
    fields = [field for field in known.split("&") if field]
    return "&".join(sorted(fields, key=lambda field: field.partition("=")[0]))


def _route(fragment: str) -> str:
    """A fragment that is the address of a page inside a page (`#/news/5`, `#!news`); others only scroll."""
    return _unescaped(_encoded(fragment, QUERY_KEPT)) if fragment.startswith(("/", "!")) else ""
