"""Numbers, money, dates and sizes as people read them, in the language asked for.

Rounding happens here and nowhere earlier, half away from zero. Digits are Western in every language: digits and codes
stay. `language` is a code such as "el"; left empty it is the language of the request.
"""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TypeAlias

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_compact_currency, format_currency, format_decimal, get_currency_symbol
from django.utils import timezone
from django.utils.translation import get_language, ngettext

Number: TypeAlias = Decimal | int | float

MINUS = "\N{MINUS SIGN}"
THIN_RANGE = "\N{EN DASH}"
PERCENT_CAP = Decimal("9.99")
# Short amounts: from how much on, and the word after it. Babel's own short forms differ from our house style.
SHORT_STEPS = {
    "en": ((Decimal("1e9"), "bn"), (Decimal("1e6"), "m"), (Decimal("1e3"), "k")),
    "el": ((Decimal("1e9"), "δισ."), (Decimal("1e6"), "εκ."), (Decimal("1e3"), "χιλ.")),
}


@lru_cache(maxsize=64)
def _known_locale(code: str) -> Locale:
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _locale(language: str) -> Locale:
    return _known_locale(language or get_language() or "en")


def rounded(value: Number, decimals: int) -> Decimal:
    """`value` with so many decimals, half away from zero."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _signed(text: str) -> str:
    return text.replace("-", MINUS)


def number(value: Number, language: str = "", decimals: int | None = None) -> str:
    """1,302 in English, 1.302 in Greek. Without `decimals` at most two are shown, without noughts at the end."""
    shown = rounded(value, 2 if decimals is None else decimals)
    pattern = "#,##0.##" if decimals is None else "#,##0." + "0" * decimals if decimals else "#,##0"
    return _signed(format_decimal(shown, format=pattern, locale=_locale(language)))


def change(value: Number, language: str = "", decimals: int | None = None) -> str:
    """The same with its sign: +44, -3, 0."""
    text = number(value, language, decimals)
    return f"+{text}" if Decimal(str(value)) > 0 and text != "0" else text


def percent(share: Number, language: str = "", decimals: int = 0) -> str:
    """A share of one as per cent: 0.39 is 39%. Beyond 999% it says so."""
    exact = Decimal(str(share))
    if exact > PERCENT_CAP:
        return f">{number(999, language)}%"
    return f"{number(exact * 100, language, decimals)}%"


def money(amount: Number, currency: str = "EUR", language: str = "") -> str:
    """€2,400,000 in English, 2.400.000 € in Greek; cents only where there are any."""
    locale = _locale(language)
    shown = rounded(amount, 2)
    pattern = _money_pattern(currency, locale, "0" if shown == shown.to_integral_value() else "0.00")
    text = format_currency(shown, currency, format=pattern, locale=locale, currency_digits=False)
    return _signed(text)


def _money_pattern(currency: str, locale: Locale, cents: str) -> str:
    pattern = str(locale.currency_formats["standard"].pattern).replace("0.00", cents)
    letters = get_currency_symbol(currency, locale=locale)[-1].isalpha()
    return pattern.replace("¤#", "¤\N{NO-BREAK SPACE}#") if letters else pattern


def money_short(amount: Number, currency: str = "EUR", language: str = "") -> str:
    """€2.4m and €860k in English, 2,4 εκ. € in Greek: two or three figures that count."""
    locale = _locale(language)
    exact = Decimal(str(amount))
    steps = SHORT_STEPS.get(locale.language)
    if steps is None:
        return _signed(format_compact_currency(exact, currency, locale=locale, fraction_digits=1))
    for least, word in steps:
        if abs(exact) >= least:
            return _with_word(exact / least, word, currency, locale)
    return money(rounded(exact, 0), currency, language)


def _with_word(amount: Decimal, word: str, currency: str, locale: Locale) -> str:
    shown = rounded(amount, 0 if abs(amount) >= 100 else 1)
    pattern = _money_pattern(currency, locale, "0.#")
    text = format_currency(shown, currency, format=pattern, locale=locale, currency_digits=False)
    if locale.language == "en":
        return _signed(text + word)
    figure, space, symbol = text.partition("\N{NO-BREAK SPACE}")
    return _signed(f"{figure}{space}{word}{space}{symbol}")


def day(value: date, language: str = "") -> str:
    """23 Nov 2026; 23 Νοε 2026. A time of day is read in the portal's time zone."""
    return format_date(_local_day(value), "d MMM y", locale=_locale(language))


def day_short(value: date, language: str = "") -> str:
    """23 Nov; for lists whose year is plain."""
    return format_date(_local_day(value), "d MMM", locale=_locale(language))


def day_long(value: date, language: str = "") -> str:
    """Monday 23 November."""
    return format_date(_local_day(value), "EEEE d MMMM", locale=_locale(language))


def month(value: date, language: str = "") -> str:
    """Oct 2026."""
    return format_date(_local_day(value), "MMM y", locale=_locale(language))


def moment(value: datetime, language: str = "") -> str:
    """23 Nov 2026, 14:31, in the portal's time zone."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return format_datetime(local, "d MMM y, HH:mm", locale=_locale(language))


def date_range(start: date | None, end: date | None, language: str = "") -> str:
    """1 Feb 2025 - 31 Jan 2028, with a long dash; an end that is missing stays open."""
    first = day(start, language) if start else ""
    last = day(end, language) if end else ""
    return f"{first} {THIN_RANGE} {last}".strip()


def period(start: date, end: date, language: str = "") -> str:
    """Aug-Oct 2026 where the days are whole months, else the dates."""
    first, last = _local_day(start), _local_day(end)
    if first.day != 1 or (last + timedelta(days=1)).day != 1:
        return date_range(first, last, language)
    if (first.year, first.month) == (last.year, last.month):
        return month(first, language)
    if first.year != last.year:
        return f"{month(first, language)} {THIN_RANGE} {month(last, language)}"
    if (first.month, last.month) == (1, 12):
        return str(first.year)
    return f"{format_date(first, 'MMM', locale=_locale(language))}{THIN_RANGE}{month(last, language)}"


def days(count: int, language: str = "") -> str:
    """1 day, 4 days, in the language of the request (the words are the portal's own translations)."""
    shown = number(count, language)
    return ngettext("%(count)s day", "%(count)s days", abs(count)) % {"count": shown}


def size(count: int, language: str = "") -> str:
    """A number of bytes: 240 KB, 1.2 MB; a step is 1,000."""
    amount = Decimal(count)
    for unit in ("B", "KB", "MB"):
        if amount < 1000:
            return f"{number(amount, language, 0 if unit != 'MB' else None)} {unit}"
        amount /= 1000
    return f"{number(rounded(amount, 1), language)} GB"


def _local_day(value: date) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value
