"""What a click led to is kept once, believed as far as it is proved, and refused when it is not the organisation's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import Cast
from make_conversions import AN_HOUR, click_on, convert, make_telling_link
from portevoix.core.errors import Refusal
from portevoix.links.actions.converting import record_conversion
from portevoix.links.actions.measuring import add_site, change_link_setting, remove_site
from portevoix.links.conversions import CONVERSIONS_KEPT, Report, moment_of_ms, origin_of
from portevoix.links.jobs import erase_old_conversions
from portevoix.links.models import ClickKey, Conversion, Link, Site, Source
from portevoix.links.tagging import DEFAULTS

SITE = "https://www.atlas.example"


@pytest.fixture
def link(cast: Cast, now: datetime) -> Link:
    add_site(organisation=cast.atlas, by=cast.driss, address=SITE, now=now)
    return make_telling_link(cast.atlas, now=now - timedelta(days=100))


def declare(link: Link, *, now: datetime, **facts: Any) -> Any:
    return convert(link, now=now, source=Source.BROWSER, **{"origin": SITE, **facts})


def refused(link: Link, now: datetime, **facts: Any) -> str:
    with pytest.raises(Refusal) as why:
        convert(link, now=now, **facts)
    return why.value.code


def set_window(cast: Cast, days: int, now: datetime) -> None:
    change_link_setting(
        organisation=cast.atlas,
        by=cast.driss,
        now=now,
        is_tagging=False,
        patterns=DEFAULTS,
        carries_click_ids=False,
        window_days=days,
    )


def test_conversion_belongs_to_the_link_of_its_click(link: Link, now: datetime) -> None:
    row = convert(link, now=now, value=4900, currency="EUR").conversion

    row.refresh_from_db()
    assert (row.link, row.kind, row.value, row.currency, row.source) == (
        link,
        "signup",
        4900,
        "EUR",
        Source.SERVER,
    )
    assert (row.clicked_at, row.at, row.recorded_at) == (now - AN_HOUR, now, now)


def test_report_told_again_counts_once(link: Link, now: datetime) -> None:
    click = click_on(link, at=now - AN_HOUR)

    told = [convert(link, now=now + n * AN_HOUR, click=click).is_new for n in range(3)]

    assert (told, Conversion.objects.count()) == ([True, False, False], 1)


def test_one_click_may_lead_to_several_things(link: Link, now: datetime) -> None:
    click = click_on(link, at=now - AN_HOUR)

    for facts in ({"kind": "demo"}, {"kind": "order", "reference": "1"}, {"kind": "order", "reference": "2"}):
        convert(link, now=now, click=click, **facts)
        convert(link, now=now, click=click, **facts)

    assert sorted(Conversion.objects.values_list("kind", "reference")) == [
        ("demo", ""),
        ("order", "1"),
        ("order", "2"),
    ]


@pytest.mark.parametrize(
    "other",
    [{"kind": "demo"}, {"value": 2, "currency": "EUR"}, {"value": 1, "currency": "MAD"}, {"click": "new"}],
)
def test_reference_means_one_thing(link: Link, now: datetime, other: dict[str, Any]) -> None:
    facts = {"click": click_on(link, at=now - AN_HOUR), "value": 1, "currency": "EUR", "reference": "order-1"}
    convert(link, now=now, **facts)
    if "click" in other:
        other = {"click": click_on(link, at=now - AN_HOUR)}

    assert refused(link, now, **{**facts, **other}) == "reference_used"
    assert Conversion.objects.count() == 1


def test_reference_is_each_organisations_own(cast: Cast, link: Link, now: datetime) -> None:
    theirs = make_telling_link(cast.other, now=now)

    told = [convert(one, now=now, reference="1").is_new for one in (link, theirs)]

    assert told == [True, True]


def test_server_makes_what_a_browser_declared_stronger(link: Link, now: datetime) -> None:
    click = click_on(link, at=now - AN_HOUR)
    declare(link, now=now, click=click, value=9_999_999, currency="EUR")

    told = convert(link, now=now, click=click, value=4900, currency="EUR", reference="order-1")

    row = Conversion.objects.get()
    assert (told.is_new, row.source, row.value, row.reference) == (False, Source.SERVER, 4900, "order-1")


def test_browser_adds_nothing_to_what_a_server_told(link: Link, now: datetime) -> None:
    click = click_on(link, at=now - AN_HOUR)
    convert(link, now=now, click=click, value=4900, currency="EUR", reference="order-1")

    told = declare(link, now=now, click=click, value=1, currency="EUR")

    row = Conversion.objects.get()
    assert (told.is_new, row.source, row.value) == (False, Source.SERVER, 4900)


def test_browser_declares_ten_things_of_a_click_at_most(link: Link, now: datetime) -> None:
    click = click_on(link, at=now - AN_HOUR)
    for number in range(10):
        declare(link, now=now, click=click, kind=f"kind-{number}")

    with pytest.raises(Refusal) as why:
        declare(link, now=now, click=click, kind="kind-10")

    assert (why.value.code, Conversion.objects.count()) == ("too_many", 10)


@pytest.mark.parametrize(
    "origin", ["", "null", "https://atlas.example", "http://www.atlas.example", f"{SITE}:8443"]
)
def test_browser_of_another_site_is_refused(link: Link, now: datetime, origin: str) -> None:
    with pytest.raises(Refusal) as why:
        declare(link, now=now, origin=origin)

    assert (why.value.code, Conversion.objects.count()) == ("unknown_site", 0)


def test_site_of_another_organisation_declares_nothing_here(cast: Cast, link: Link, now: datetime) -> None:
    add_site(organisation=cast.other, by=cast.otto, address="https://other.example", now=now)

    with pytest.raises(Refusal) as why:
        declare(link, now=now, origin="https://other.example")

    assert why.value.code == "unknown_site"


def test_click_of_another_organisation_is_unknown(cast: Cast, link: Link, now: datetime) -> None:
    theirs = click_on(make_telling_link(cast.other, now=now), at=now)

    assert refused(link, now, click=theirs) == "unknown_click"


def test_forged_click_is_unknown(link: Link, now: datetime) -> None:
    click = click_on(link, at=now)
    forged = [
        click[:place] + ("A" if click[place] != "A" else "B") + click[place + 1 :] for place in range(48)
    ]

    assert {refused(link, now, click=one) for one in [*forged, click[:-1], click + "A", "", "\x00" * 48]} == {
        "unknown_click"
    }


def test_click_of_a_key_that_is_gone_is_unknown(link: Link, now: datetime) -> None:
    click = click_on(link, at=now)
    ClickKey.unscoped.all().delete()

    assert refused(link, now, click=click) == "unknown_click"


def test_click_of_a_link_that_is_gone_is_unknown(link: Link, now: datetime) -> None:
    click = click_on(link, at=now)
    Link.unscoped.all().delete()

    with pytest.raises(Refusal) as why:
        record_conversion(
            report=Report(click, "signup"), source=Source.SERVER, organisation=link.organisation, now=now
        )

    assert why.value.code == "unknown_click"


@pytest.mark.parametrize(("days", "code"), [(30, ""), (31, "expired_click"), (89, "expired_click")])
def test_click_leads_on_for_the_window(link: Link, now: datetime, days: int, code: str) -> None:
    click = click_on(link, at=now - timedelta(days=days))

    assert (refused(link, now, click=click) if code else convert(link, now=now, click=click).is_new) == (
        code or True
    )


def test_window_is_the_organisations(cast: Cast, link: Link, now: datetime) -> None:
    click = click_on(link, at=now - timedelta(days=8))
    set_window(cast, 7, now)
    is_refused = refused(link, now, click=click)
    set_window(cast, 90, now)

    assert (is_refused, convert(link, now=now, click=click).is_new) == ("expired_click", True)


def test_report_may_come_a_week_late(link: Link, now: datetime) -> None:
    clicked_at = now - timedelta(days=36)
    click, old = click_on(link, at=clicked_at), click_on(link, at=now - timedelta(days=38))

    row = convert(link, now=now, click=click, at=clicked_at + AN_HOUR).conversion

    assert row.at == clicked_at + AN_HOUR
    assert refused(link, now, click=old, at=now - timedelta(days=37)) == "expired_click"


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (timedelta(minutes=4), "kept"),  # a clock a little ahead
        (timedelta(minutes=6), "bad_moment"),
        (-timedelta(minutes=64), "kept"),  # a clock a little behind
        (-timedelta(minutes=66), "bad_moment"),
    ],
)
def test_moment_lies_between_click_and_now(link: Link, now: datetime, at: timedelta, code: str) -> None:
    if code == "kept":
        row = convert(link, now=now, at=now + at).conversion
        assert now - AN_HOUR <= row.at <= now
    else:
        assert refused(link, now, at=now + at) == code


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"kind": ""}, "bad_kind"),
        ({"kind": "Sign up"}, "bad_kind"),
        ({"kind": "a" * 41}, "bad_kind"),
        ({"kind": "<b>"}, "bad_kind"),
        ({"kind": "signup\n"}, "bad_kind"),
        ({"value": -1, "currency": "EUR"}, "bad_value"),
        ({"value": 10**12 + 1, "currency": "EUR"}, "bad_value"),
        ({"value": 10**400, "currency": "EUR"}, "bad_value"),
        ({"value": 1}, "bad_currency"),
        ({"value": 1, "currency": "eur"}, "bad_currency"),
        ({"value": 1, "currency": "ZZZ"}, "bad_currency"),
        ({"value": 1, "currency": "EURO"}, "bad_currency"),
        ({"currency": "EUR"}, "bad_value"),
        ({"reference": "a b"}, "bad_reference"),
        ({"reference": "é"}, "bad_reference"),
        ({"reference": "x" * 81}, "bad_reference"),
        ({"at": datetime(2026, 11, 24, 8, 30)}, "bad_moment"),
    ],
)
def test_unfit_report_is_refused(link: Link, now: datetime, facts: dict[str, Any], code: str) -> None:
    assert (refused(link, now, **facts), Conversion.objects.count()) == (code, 0)


def test_mark_goes_once_no_report_can_come_and_the_rest_after_twenty_five_months(
    link: Link, now: datetime
) -> None:
    row = convert(link, now=now).conversion

    counts = [erase_old_conversions(now + timedelta(days=days)) for days in (100, 105, 106)]
    row.refresh_from_db()
    erased = erase_old_conversions(now + CONVERSIONS_KEPT + timedelta(days=1))

    assert (counts, row.mark, erased, Conversion.objects.count()) == ([0, 1, 0], "", 1, 0)


def test_removed_site_is_listened_to_no_more(cast: Cast, link: Link, now: datetime) -> None:
    declare(link, now=now)
    remove_site(site=Site.objects.get(), by=cast.driss, now=now)

    with pytest.raises(Refusal):
        declare(link, now=now)

    assert Conversion.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://www.Atlas.example/offers?x=1", "https://www.atlas.example"),
        (" https://atlas.example:443 ", "https://atlas.example"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("https://énergie.example", "https://xn--nergie-9ua.example"),
        ("atlas.example", ""),
        ("ftp://atlas.example", ""),
        ("https://user@atlas.example", ""),
        ("https://*.atlas.example", ""),
        ("https://", ""),
        ("https://atlas.example:x", ""),
        ("null", ""),
        ("https://a\r\nb.example", ""),
        ("https://" + "a" * 300 + ".example", ""),
    ],
)
def test_site_is_an_origin(address: str, origin: str) -> None:
    assert origin_of(address) == origin


@given(st.text())
def test_any_text_is_an_origin_or_none(text: str) -> None:
    found = origin_of(text)

    assert found == "" or origin_of(found) == found


@pytest.mark.parametrize("at_ms", [0, 2**48 - 1, 1_795_510_800_123])
def test_every_moment_of_a_click_id_can_be_said(at_ms: int) -> None:
    assert datetime(1970, 1, 1, tzinfo=UTC) <= moment_of_ms(at_ms)


@pytest.mark.parametrize("pattern", ["{person}", "{email}", "{network", "x" * 121])
def test_tag_that_means_nothing_is_refused(cast: Cast, now: datetime, pattern: str) -> None:
    with pytest.raises(Refusal) as why:
        change_link_setting(
            organisation=cast.atlas,
            by=cast.driss,
            now=now,
            is_tagging=True,
            patterns={**DEFAULTS, "utm_content": pattern},
            carries_click_ids=False,
            window_days=30,
        )

    assert why.value.field == "utm_content"
