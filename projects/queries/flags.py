"""Quality flags in words."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kmop.shared import formats

SENTENCES = {
    "outlier": gettext_lazy("%(value)s is far from this partner's usual %(median)s (%(lowest)s to %(highest)s)."),
    "jump": gettext_lazy("%(value)s differs much from %(previous)s in the period before."),
    "running_total_falls": gettext_lazy("The running total falls from %(previous)s to %(value)s."),
    "breakdown_does_not_add_up": gettext_lazy(
        "The breakdown by %(dimensions)s leaves %(difference)s without a category."
    ),
}


def sentence(flag: Mapping[str, Any]) -> str:
    """One kept flag {code, params, cell} as a sentence in the active language; numbers with at most two decimals."""
    params = {name: _short(value) for name, value in flag["params"].items()}
    if flag["code"] == "late":
        days = int(flag["params"]["days"])
        said = ngettext("Submitted %(days)d day late.", "Submitted %(days)d days late.", days)
        return said % {"days": days}
    known = SENTENCES.get(flag["code"])
    return str(known) % params if known else _("Flag: %(code)s") % {"code": flag["code"]}


def sentences(flags: Iterable[Mapping[str, Any]]) -> list[str]:
    """All flags of an update as sentences."""
    return [sentence(one) for one in flags]


def _short(value: Any) -> Any:
    try:
        return formats.number(Decimal(value))
    except (ArithmeticError, TypeError, ValueError):
        return value
