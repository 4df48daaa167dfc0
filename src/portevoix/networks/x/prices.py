"""What X asks for each request, in millionths of a US dollar. The operator pays, ahead, in credits.

Source: X, pricing of the API, read with its OpenAPI document v2.167 (2026-08-22).
"""

from portevoix.networks import links

POST = 15_000
POST_WITH_LINK = 200_000
ALT_TEXT = 5_000
READ = 5_000
DELETE = 10_000


def price_of_post(text: str, *, alt_texts: int = 0) -> int:
    """What publishing that text costs, with so many described pictures. A bare domain is a link to X."""
    return (POST_WITH_LINK if links.LINK.search(text) else POST) + alt_texts * ALT_TEXT
