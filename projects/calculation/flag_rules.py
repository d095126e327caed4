"""The quality rules an indicator may have: which are on, and from where they speak up. Defaults live here alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from projects.calculation.values import Measure


@dataclass(frozen=True)
class Threshold:
    """A number a rule turns on: what it is without a setting, and the range a setting may have."""

    default: Decimal
    lowest: Decimal
    highest: Decimal


def _threshold(default: str, lowest: str, highest: str) -> Threshold:
    return Threshold(Decimal(default), Decimal(lowest), Decimal(highest))


# In the order in which a form shows them and a reviewer reads them.
RULES: dict[str, dict[str, Threshold]] = {
    "late": {"days": _threshold("0", "0", "365")},
    "outlier": {"limit": _threshold("3.5", "1", "20")},
    "jump": {"share": _threshold("2", "0.1", "100")},
    "running_total_falls": {},
    "breakdown_does_not_add_up": {},
    "above_denominator": {},
    "equal_to_last": {"least": _threshold("10", "1", "1000000")},
    "zero_where_never_zero": {"values": _threshold("3", "1", "24")},
    "evidence_missing": {},
    "target_passed_early": {"share": _threshold("0.5", "0.05", "1")},
    "double": {"least": _threshold("10", "1", "1000000")},
}


@dataclass(frozen=True)
class RuleSetting:
    """One rule for one indicator: whether it is on, and its numbers by name."""

    is_on: bool
    numbers: Mapping[str, Decimal]


def default_of(code: str, *, measure: Measure, is_share: bool, evidence_required: bool) -> RuleSetting:
    """The rule as it is without a setting.

    A ratio that is no share is above its denominator as often as not, and evidence is missed only where it is asked
    for: these rules rest until they are switched on.
    """
    is_on = True
    if code == "above_denominator":
        is_on = measure == Measure.PERCENTAGE or is_share
    if code == "evidence_missing":
        is_on = evidence_required
    return RuleSetting(is_on, {name: one.default for name, one in RULES[code].items()})


def settings_of(
    kept: Mapping[str, Any], *, measure: Measure, is_share: bool, evidence_required: bool
) -> dict[str, RuleSetting]:
    """All rules of an indicator: its kept settings {code: {"on": bool, name: "number"}} over the defaults."""
    found = {}
    for code in RULES:
        base = default_of(code, measure=measure, is_share=is_share, evidence_required=evidence_required)
        own = kept.get(code, {})
        numbers = {name: Decimal(own[name]) if name in own else number for name, number in base.numbers.items()}
        found[code] = RuleSetting(bool(own.get("on", base.is_on)), numbers)
    return found


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a setting: the path ("jump/share"), a code, and the range where there is one."""

    path: str
    code: str
    lowest: Decimal | None = None
    highest: Decimal | None = None


def wrong_settings(given: Mapping[str, Any]) -> list[Wrong]:
    """Everything that is wrong with settings that are to be kept: unknown rules and names, numbers out of range."""
    found = []
    for code, own in given.items():
        if code not in RULES:
            found.append(Wrong(code, "unknown_rule"))
        elif not isinstance(own, Mapping) or not isinstance(own.get("on", True), bool):
            found.append(Wrong(code, "invalid"))
        else:
            found += [one for name, value in own.items() if name != "on" and (one := _wrong(code, name, value))]
    return found


def _wrong(code: str, name: str, value: Any) -> Wrong | None:
    known = RULES[code].get(name)
    path = f"{code}/{name}"
    if known is None:
        return Wrong(path, "unknown_number")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return Wrong(path, "out_of_range", known.lowest, known.highest)
    if not number.is_finite() or not known.lowest <= number <= known.highest:
        return Wrong(path, "out_of_range", known.lowest, known.highest)
    return None
