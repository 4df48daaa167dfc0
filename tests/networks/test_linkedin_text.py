"""What is written in LinkedIn's own way: little text, and the addresses of a company's posts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.fakes.linkedin import as_shown
from portevoix.networks.linkedin.company_posts import company_post_urn, names_activity
from portevoix.networks.linkedin.little_text import read, written

MARKS = st.text(alphabet=st.sampled_from("#{}|\\()[]<>@*_~ aé1مk\n"), max_size=40)


@pytest.mark.parametrize(
    ("text", "little"),
    [
        ("Bonjour", "Bonjour"),
        ("(oui) [non] {si} <a>", r"\(oui\) \[non\] \{si\} \<a\>"),
        ("a_b ~c~ *d* e|f g\\h", r"a\_b \~c\~ \*d\* e\|f g\\h"),
        ("ana@acme.example", r"ana\@acme.example"),
        ("#emploi", r"{hashtag|\#|emploi}"),
        ("Un #métier_rare, vraiment", r"Un {hashtag|\#|métier\_rare}, vraiment"),
        ("#توظيف_الآن", r"{hashtag|\#|توظيف\_الآن}"),
        ("#مَدْرَسَة", r"{hashtag|\#|مَدْرَسَة}"),
        ("#می‌خواهم", r"{hashtag|\#|می‌خواهم}"),
        ("#2026 #2026été #1", r"\#2026 {hashtag|\#|2026été} \#1"),
        ("C# et F#", r"C\# et F\#"),
        ("#C#", r"{hashtag|\#|C}\#"),
        ("a#b ##c &#39;", r"a\#b \#\#c &\#39;"),
        ("(#un)#deux", r"\({hashtag|\#|un}\){hashtag|\#|deux}"),
        ("#️⃣ #", r"\#️⃣ \#"),
        ("https://acme.example/a_b#partie", r"https://acme.example/a\_b\#partie"),
        ("https://acme.example/?q=#mot", r"https://acme.example/?q=\#mot"),
        ("https://acme.example/#/mot", r"https://acme.example/\#/mot"),
        (r"{hashtag|\#|faux}", r"\{hashtag\|\\\#\|faux\}"),
        ("}{ )( non fermé {", r"\}\{ \)\( non fermé \{"),
    ],
)
def test_little_text_escapes_all_but_the_hashtags(text: str, little: str) -> None:
    assert written(text) == little


@given(text=st.one_of(st.text(max_size=80), MARKS))
def test_little_text_read_gives_the_text_back(text: str) -> None:
    assert read(written(text)) == text


@given(text=MARKS)
def test_little_text_is_never_cut_by_linkedin(text: str) -> None:
    assert as_shown(written(text)) == text


def test_little_text_reads_a_hostile_text_to_its_end() -> None:
    for hostile in (
        "#" * 50_000,
        "#1" * 50_000,
        "#a" * 50_000,
        "{hashtag|\\#|" * 10_000,
        "https://a#" * 10_000,
    ):
        assert read(written(hostile)) == hostile


@pytest.mark.parametrize(
    ("typed", "urn"),
    [
        ("urn:li:share:7141138937766391808", "urn:li:share:7141138937766391808"),
        (" urn:li:ugcPost:7141138937766391808 ", "urn:li:ugcPost:7141138937766391808"),
        ("https://www.linkedin.com/feed/update/urn:li:share:71/", "urn:li:share:71"),
        ("https://www.linkedin.com/feed/update/urn:li:ugcPost:71?utm_source=share", "urn:li:ugcPost:71"),
        ("https://linkedin.com/feed/update/urn%3Ali%3Ashare%3A71", "urn:li:share:71"),
        ("https://fr.linkedin.com/embed/feed/update/urn:li:share:71", "urn:li:share:71"),
        (
            "https://www.linkedin.com/posts/acme_a-roof-in-settat-share-71-aB3d?utm_source=share",
            "urn:li:share:71",
        ),
        ("https://www.linkedin.com/posts/acme_ugcPost-71-aB3d/", "urn:li:ugcPost:71"),
        (
            '<iframe src="https://www.linkedin.com/embed/feed/update/urn:li:share:71?collapsed=1" height="500"'
            ' width="504" frameborder="0" allowfullscreen="" title="Embedded post"></iframe>',
            "urn:li:share:71",
        ),
    ],
)
def test_company_post_is_read_from_what_people_paste(typed: str, urn: str) -> None:
    assert company_post_urn(typed) == urn


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "7141138937766391808",
        "urn:li:activity:7141138937766391808",
        "https://www.linkedin.com/feed/update/urn:li:activity:7141138937766391808/",
        "https://www.linkedin.com/posts/acme_activity-7141138937766391808-abcd",
        "https://evil.example/feed/update/urn:li:share:71",
        "https://linkedin.com.evil.example/feed/update/urn:li:share:71",
        "http://www.linkedin.com/feed/update/urn:li:share:71",
        "urn:li:share:71 et plus",
        "https://evil.example/posts/acme-share-71-aB3d",
        '<iframe src="https://evil.example/embed/feed/update/urn:li:share:71"></iframe>',
        "urn:li:share:",
        "urn:li:share:" + "7" * 26,
    ],
)
def test_company_post_refuses_what_cannot_be_passed_on(typed: str) -> None:
    assert company_post_urn(typed) is None


@pytest.mark.parametrize(
    ("typed", "is_activity"),
    [
        ("https://www.linkedin.com/posts/acme_activity-7141138937766391808-abcd", True),
        ("https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A7141138937766391808", True),
        ("https://www.linkedin.com/company/acme", False),
    ],
)
def test_place_in_a_feed_is_told_from_what_is_no_post_at_all(typed: str, is_activity: bool) -> None:
    assert names_activity(typed) == is_activity
