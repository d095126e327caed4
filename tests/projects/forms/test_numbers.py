"""Numbers as people write them, in both languages."""

import re
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from projects.forms.numbers import NumberField, as_typed, to_number


@pytest.mark.parametrize(
    "text,language,number",
    [
        ("", "en", None),
        ("  ", "el", None),
        ("0", "en", "0"),
        ("1302", "el", "1302"),
        ("1,302", "en", "1302"),
        ("1.302", "en", "1.302"),
        ("1.302", "el", "1302"),
        ("1,302", "el", "1.302"),
        ("1,302,455", "el", "1302455"),
        ("1.302.455", "en", "1302455"),
        ("1,302.5", "el", "1302.5"),
        ("1.302,5", "en", "1302.5"),
        ("45,5", "en", "45.5"),
        ("45.5", "el", "45.5"),
        ("1 302", "en", "1302"),
        ("1\u00a0302,5", "el", "1302.5"),
        ("\u22124", "en", "-4"),
        ("-1,302", "en", "-1302"),
    ],
)
def test_a_number_is_read(text: str, language: str, number: str | None) -> None:
    assert to_number(text, language) == (None if number is None else Decimal(number))


@pytest.mark.parametrize("text", ["x3", "1,2,3.4.5", "NaN", "Infinity", "12 people", "--4"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        to_number(text, "en")


@pytest.mark.parametrize(
    "number,language,text",
    [(None, "en", ""), ("1302", "en", "1302"), ("1302.50", "el", "1302,5"), ("0.000", "en", "0"), ("2.5", "en", "2.5")],
)
def test_a_number_stands_in_its_field(number: str | None, language: str, text: str) -> None:
    assert as_typed(None if number is None else Decimal(number), language) == text


def test_the_field_reads_in_the_readers_language() -> None:
    with override("el"):
        assert NumberField().clean("1.302,5") == Decimal("1302.5")
    with override("en"):
        assert NumberField().clean("") is None
        with pytest.raises(ValidationError, match="“many” is not a number."):
            NumberField().clean("many")
