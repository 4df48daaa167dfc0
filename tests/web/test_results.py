"""My results: sentences first, mine alone, and a page that teaches while there is nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from cast import Cast
from make_clicks import make_clicks, make_published_story, make_share
from portevoix.analytics.intervals import Interval
from portevoix.analytics.models import Export
from portevoix.analytics.queries import Totals
from portevoix.analytics.visitors import NOBODY, Visitors
from portevoix.core import clock
from portevoix.people.models import Account, Person
from portevoix.sharing.models import Share, ShareState
from portevoix.web.member.results import sentence
from working import prepare_due_exports

Browse = Callable[[Person], Client]


def people(*lives: int) -> Visitors:
    return Visitors(tuple(Interval(count, count, count) for count in lives))


@pytest.fixture
def english(cast: Cast) -> None:
    Account.objects.update(language="en")


@pytest.fixture
def share(cast: Cast, english: None) -> Share:
    """Ana's share of yesterday, with three visits, on the clock that the page reads."""
    moment = clock.now() - timedelta(days=1)
    made = make_share(
        cast.ana, make_published_story(cast.atlas, "Une laiterie au soleil", now=moment), at=moment
    )
    make_clicks(made, [moment] * 3)
    return made


def page(client: Client, **headers: str) -> str:
    return client.get("/results", headers=headers).content.decode()


@pytest.mark.parametrize(
    ("language", "totals", "said"),
    [
        (
            "en",
            Totals(1, 1, people(1)),
            "Your <b>1 share</b> brought <b>1 visit</b> from <b>1 unique visitor</b>.",
        ),
        ("en", Totals(7, 143, NOBODY), "Your <b>7 shares</b> brought <b>143 visits</b>."),
        ("en", Totals(2, 0, NOBODY), "Your <b>2 shares</b> have brought no visit yet."),
        (
            "fr",
            Totals(7, 1430, people(1200)),
            "Vos <b>7 partages</b> ont amené <b>1\u202f430 visites</b>, "
            "soit <b>1\u202f200 visiteurs uniques</b>.",
        ),
        (
            "fr",
            Totals(2, 40, people(25, 12)),
            "Vos <b>2 partages</b> ont amené <b>40 visites</b>, "
            "soit <b>25\u2060–\u206037 visiteurs uniques</b>.",
        ),
        ("fr", Totals(1, 0, NOBODY), "Votre <b>partage</b> n’a pas encore amené de visite."),
        (
            "ar",
            Totals(2, 2, people(2)),
            "شاركتم <b>مرتين</b> فجاءت <b>زيارتان</b> قام بها <b>زائران فريدان</b>.",
        ),
        (
            "ar",
            Totals(3, 11, people(11)),
            "شاركتم <b>3 مرات</b> فجاءت <b>11 زيارة</b> قام بها <b>11 زائرًا فريدًا</b>.",
        ),
    ],
)
def test_sentence_says_it_as_a_person_would(language: str, totals: Totals, said: str) -> None:
    with translation.override(language):
        assert sentence(totals) == said


def test_my_results_says_what_my_shares_brought(cast: Cast, share: Share, browse: Browse) -> None:
    shown = page(browse(cast.ana))

    assert "Your <b>1 share</b> brought <b>3 visits</b>" in shown
    assert "Nobody else sees this page." in shown
    assert "Une laiterie au soleil" in shown


def test_my_results_shows_nothing_of_a_colleague(cast: Cast, share: Share, browse: Browse) -> None:
    shown = page(browse(cast.noor))

    assert "Une laiterie au soleil" not in shown
    assert "Your results will be here" in shown


def test_my_results_keeps_a_share_taken_back_on_the_list(cast: Cast, share: Share, browse: Browse) -> None:
    Share.objects.update(state=ShareState.TAKEN_BACK, taken_back_at=clock.now())

    shown = page(browse(cast.ana))

    assert "Taken back" in shown
    assert "What you shared earlier brought <b>3 visits</b>" in shown


@pytest.mark.parametrize("count", [1, 3])
def test_my_results_takes_the_same_number_of_queries(
    cast: Cast, share: Share, browse: Browse, count: int, django_assert_num_queries: Callable[..., object]
) -> None:
    for _ in range(count - 1):
        make_clicks(make_share(cast.ana, share.story, at=share.shared_at), [share.shared_at])
    client = browse(cast.ana)
    page(client)

    with django_assert_num_queries(22):  # type: ignore[attr-defined]
        page(client)


def test_my_shares_leave_as_a_file(cast: Cast, share: Share, browse: Browse) -> None:
    client = browse(cast.ana)
    client.post("/results/export")
    export = Export.objects.get()
    assert 'hx-trigger="every 2s"' in page(client)
    assert client.get(f"/results/exports/{export.code}/file").status_code == 404

    prepare_due_exports(clock.now())

    assert 'hx-trigger="every 2s"' not in page(client)
    answer = client.get(f"/results/exports/{export.code}/file")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="portevoix-my-shares-')
    assert "Une laiterie au soleil" in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


def test_my_shares_leave_in_the_format_that_was_chosen(cast: Cast, share: Share, browse: Browse) -> None:
    browse(cast.ana).post("/results/export", {"format": "parquet"})

    assert [(export.kind, export.format) for export in Export.objects.all()] == [("my_shares", "parquet")]


def test_my_results_answers_htmx_with_the_files_alone(cast: Cast, share: Share, browse: Browse) -> None:
    shown = page(browse(cast.ana), **{"HX-Request": "true"})

    assert shown.strip().startswith("<section")
    assert "<html" not in shown


def test_my_file_is_nobody_elses(cast: Cast, share: Share, browse: Browse) -> None:
    browse(cast.ana).post("/results/export")
    export = Export.objects.get()

    for who in (cast.noor, cast.marc, cast.otto):
        assert browse(who).get(f"/results/exports/{export.code}/file").status_code == 404
        assert browse(who).post(f"/results/exports/{export.code}/erase").status_code == 404
    assert Export.objects.count() == 1


def test_my_file_is_erased_at_my_wish(cast: Cast, share: Share, browse: Browse) -> None:
    client = browse(cast.ana)
    client.post("/results/export")

    client.post(f"/results/exports/{Export.objects.get().code}/erase")

    assert Export.objects.count() == 0
