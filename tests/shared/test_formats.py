"""How figures and dates look in the languages that we publish in."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from kmop.shared import formats

SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    "value, language, decimals, shown",
    [
        (1302, "en", None, "1,302"),
        (1302, "el", None, "1.302"),
        (1302, "fr", None, "1\N{NARROW NO-BREAK SPACE}302"),
        (1302, "ar", None, "1,302"),
        (Decimal("12.500000"), "en", None, "12.5"),
        (Decimal("0.005"), "en", None, "0.01"),
        (Decimal("2.5"), "en", 0, "3"),
        (Decimal("-2.5"), "en", 0, "−3"),
        (3, "el", 2, "3,00"),
        (0, "en", None, "0"),
        (1302, "xx", None, "1,302"),
    ],
)
def test_number(value: Decimal, language: str, decimals: int | None, shown: str) -> None:
    assert formats.number(value, language, decimals) == shown


@pytest.mark.parametrize("value, shown", [(44, "+44"), (-3, "−3"), (0, "0"), (Decimal("0.001"), "0")])
def test_change_carries_its_sign(value: Decimal, shown: str) -> None:
    assert formats.change(value, "en") == shown


@pytest.mark.parametrize(
    "share, language, decimals, shown",
    [
        (Decimal("0.39"), "en", 0, "39%"),
        (Decimal("1.095"), "en", 0, "110%"),
        (Decimal("0.395"), "el", 1, "39,5%"),
        (Decimal("9.99"), "en", 0, "999%"),
        (Decimal("12"), "en", 0, ">999%"),
        (Decimal("-0.2"), "en", 0, "−20%"),
    ],
)
def test_percent(share: Decimal, language: str, decimals: int, shown: str) -> None:
    assert formats.percent(share, language, decimals) == shown


@pytest.mark.parametrize(
    "amount, currency, language, shown",
    [
        (2_400_000, "EUR", "en", "€2,400,000"),
        (2_400_000, "EUR", "el", f"2.400.000{SPACE}€"),
        (Decimal("6200.5"), "EUR", "en", "€6,200.50"),
        (-94_000, "EUR", "en", "−€94,000"),
        (100, "GEL", "en", f"GEL{SPACE}100"),
    ],
)
def test_money(amount: Decimal, currency: str, language: str, shown: str) -> None:
    assert formats.money(amount, currency, language) == shown


@pytest.mark.parametrize(
    "amount, language, shown",
    [
        (2_400_000, "en", "€2.4m"),
        (2_400_000, "el", f"2,4{SPACE}εκ.{SPACE}€"),
        (860_000, "en", "€860k"),
        (1_250_000_000, "en", "€1.3bn"),
        (-94_000, "en", "−€94k"),
        (950, "en", "€950"),
        (950, "el", f"950{SPACE}€"),
        (2_400_000, "fr", f"2,4{SPACE}M{SPACE}€"),
    ],
)
def test_money_short(amount: int, language: str, shown: str) -> None:
    assert formats.money_short(amount, "EUR", language) == shown


def test_days_of_the_calendar() -> None:
    monday = date(2026, 11, 23)
    assert formats.day(monday, "en") == "23 Nov 2026"
    assert formats.day(monday, "el") == "23 Νοε 2026"
    assert formats.day_short(monday, "en") == "23 Nov"
    assert formats.day_long(monday, "en") == "Monday 23 November"
    assert formats.month(monday, "el") == "Νοε 2026"


def test_a_moment_is_told_in_the_portals_time_zone() -> None:
    late = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    assert formats.moment(late, "en") == "23 Nov 2026, 00:30"
    assert formats.day(late, "en") == "23 Nov 2026"
    assert formats.moment(datetime(2026, 11, 22, 22, 30), "en") == "22 Nov 2026, 22:30"  # noqa: DTZ001 - told as it stands
    assert formats.day(datetime(2026, 11, 22, 22, 30), "en") == "22 Nov 2026"  # noqa: DTZ001 - told as it stands


@pytest.mark.parametrize(
    "start, end, shown",
    [
        (date(2026, 8, 1), date(2026, 10, 31), "Aug–Oct 2026"),
        (date(2026, 10, 1), date(2026, 10, 31), "Oct 2026"),
        (date(2026, 11, 1), date(2027, 1, 31), "Nov 2026 – Jan 2027"),
        (date(2026, 1, 1), date(2026, 12, 31), "2026"),
        (date(2026, 8, 3), date(2026, 10, 31), "3 Aug 2026 – 31 Oct 2026"),
    ],
)
def test_period(start: date, end: date, shown: str) -> None:
    assert formats.period(start, end, "en") == shown


def test_date_range_may_be_open() -> None:
    assert formats.date_range(date(2025, 2, 1), date(2028, 1, 31), "en") == "1 Feb 2025 – 31 Jan 2028"
    assert formats.date_range(date(2025, 2, 1), None, "en") == "1 Feb 2025 –"
    assert formats.date_range(None, None, "en") == "–"


def test_days_and_sizes() -> None:
    with translation.override("en"):
        assert [formats.days(count) for count in (0, 1, 4)] == ["0 days", "1 day", "4 days"]
        assert [formats.size(count) for count in (12, 240_000, 1_250_000, 3_000_000_000)] == [
            "12 B",
            "240 KB",
            "1.25 MB",
            "3 GB",
        ]


def test_the_language_of_the_request_is_the_default() -> None:
    with translation.override("el"):
        assert formats.number(1302) == "1.302"
