"""How an update's figure is said in one word or number on lists and in tables."""

from decimal import Decimal

from django.utils.translation import gettext as _

from kmop.shared import formats
from projects.calculation.values import Figure, Measure, ValueState
from projects.models import Indicator


def shown(figure: Figure, indicator: Indicator) -> str:
    """A figure with its unit sign, or the word for its kind of empty."""
    if figure.value is not None:
        return with_sign(figure.value, indicator)
    if figure.is_reported:
        return figure.text
    if figure.state == ValueState.NOT_APPLICABLE:
        return _("Not applicable")
    return _("Not reported")


def with_sign(value: Decimal, indicator: Indicator) -> str:
    """A number of this indicator, with its per cent sign."""
    number = formats.number(value, decimals=indicator.decimals)
    return f"{number}%" if indicator.measure == Measure.PERCENTAGE else number


def changed_by(value: Decimal | None, indicator: Indicator) -> str:
    """A difference with its sign; nothing where there is none."""
    return "" if value is None else formats.change(value, decimals=indicator.decimals)
