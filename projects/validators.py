"""What is acceptable in an update: cells that are asked for, numbers that the measure takes, parts within the total.
What is acceptable in a formula: indicators there are, no circle, like units.

Keys of the errors are paths into the request, such as "values/2/disaggregation/age".
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kmop.shared.errors import Sentence
from projects.calculation import cells as cells_of
from projects.calculation.ages import Band, BandFault, band, check_mapping, mapped
from projects.calculation.evaluation import unit_of
from projects.calculation.formula import FormulaFault, Node, Number, circle, codes_of, names_of, nodes_of, parse
from projects.calculation.validate import check_value
from projects.calculation.values import BY_PARTS, NOT_APPLICABLE, Figure, Finding, Measure, ValueState, figure
from projects.choices import CellState

EXTERNAL_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")
SDG_INDICATOR = re.compile(r"(?:[1-9]|1[0-7])\.(?:[1-9][0-9]?|[a-d])\.[1-9][0-9]?")
Problems: TypeAlias = dict[str, list[ValidationError]]


@dataclass(frozen=True)
class Asked:
    """What an indicator asks for: its measure and bounds, categories by dimension, dimensions that exclude.

    A cell crosses dimensions of one of the `groups` alone; without groups those of all.
    """

    measure: Measure
    is_share: bool
    lowest: Decimal | None
    highest: Decimal | None
    dimensions: Mapping[str, Sequence[str]]
    exclusive: frozenset[str]
    evidence_required: bool = False
    groups: Sequence[Collection[str]] = ()
    decimals: int = 0


@dataclass(frozen=True)
class Said:
    """One accepted value of a cell ("" is the total), ready to be stored."""

    cell: str
    numerator: Decimal | None
    denominator: Decimal | None
    text: str
    state: str

    @property
    def is_silent(self) -> bool:
        """Neither a number nor words nor "not applicable": there is nothing to keep."""
        return self.state != CellState.NOT_APPLICABLE and self.numerator is None and not self.text


SENTENCES: dict[str, tuple[str, Sentence]] = {
    "not_a_number": ("value", _("Enter a number.")),
    "too_large": ("value", _("The number is larger than 9,000,000,000,000.")),
    "too_many_decimals": ("value", _("At most six decimals can be kept.")),
    "not_whole": ("value", _("This counts: give a whole number, without a fraction.")),
    "numerator_missing": ("numerator", _("A denominator needs its numerator.")),
    "denominator_unexpected": ("denominator", _("This indicator takes one number, not two parts.")),
    "denominator_negative": ("denominator", _("A denominator can't be below 0.")),
    "over_zero": ("denominator", _("A numerator over a denominator of 0 has no meaning; 0 of 0 is taken.")),
    "above_denominator": ("numerator", _("The numerator is part of the denominator and can't be larger.")),
    "negative": ("value", _("This figure can't be below 0.")),
    "not_yes_or_no": ("value", _("Answer 1 for yes or 0 for no.")),
    "below_scale": ("value", _("The lowest value of the scale is %(lowest)s.")),
    "above_scale": ("value", _("The highest value of the scale is %(highest)s.")),
    "parts_above_total": ("", _("The parts by %(dimensions)s add up to %(parts)s, more than the total of %(total)s.")),
}


def _worded(finding: Finding, by_parts: bool) -> tuple[str, str]:
    """The field of the value and the sentence of a finding."""
    field, sentence = SENTENCES[finding.code]
    plain = {name: format(one, "f") if isinstance(one, Decimal) else one for name, one in finding.params.items()}
    if field == "value" and by_parts:
        field = "numerator"
    return field, str(sentence) % plain


def _fault(sentence: Sentence, code: str) -> ValidationError:
    """One thing wrong, in words and with a code for programs."""
    return ValidationError(str(sentence), code=code)


def check_external_id(external_id: str) -> None:
    """1 to 100 of letters, digits and . _ : - (or nothing)."""
    if external_id and not EXTERNAL_ID.fullmatch(external_id):
        raise ValidationError({"external_id": [_("Use 1 to 100 letters, digits or . _ : - only.")]})


def check_library_codes(codes: Sequence[tuple[str, str]]) -> None:
    """SDG codes are goal.target.indicator (5.2.1, 17.b.1); a scheme and a code are both there. Raises at "codes"."""
    problems = []
    for scheme, code in codes:
        if not scheme or not code or len(scheme) > 40 or len(code) > 60:
            problems.append(_fault(_("Give a scheme of at most 40 letters and a code of at most 60."), "invalid"))
        elif scheme == "sdg" and not SDG_INDICATOR.fullmatch(code):
            sentence = str(_("%s is no SDG indicator: write goal, target and indicator, such as 5.2.1.")) % code
            problems.append(_fault(sentence, "invalid"))
    if problems:
        raise ValidationError({"codes": problems})


def accept_values(values: Sequence[Any], total: Any | None, asked: Asked) -> list[Said]:
    """The values of an update as they are stored, the total (given or certain) first; silent ones are left out.

    `values` and `total` are `ValueInput`s. Raises `ValidationError` with everything that is wrong, by path.
    """
    problems: Problems = defaultdict(list)
    said: dict[str, Said] = {}
    for number, one in enumerate(values):
        path = f"values/{number}"
        cell = _accept_cell(one.cell, asked, path, problems)
        if cell is not None:
            _take(said, cell, one, path, asked, problems)
    if total is not None:
        _take(said, cells_of.TOTAL, total, "total", asked, problems)
    if not problems:
        _complete(said, asked, problems)
    if problems:
        raise ValidationError(dict(problems))
    return sorted((one for one in said.values() if not one.is_silent), key=lambda one: one.cell)


def _accept_cell(given: Mapping[str, str] | str, asked: Asked, path: str, problems: Problems) -> str | None:
    """The name of the cell, or None with the problem noted."""
    try:
        categories = cells_of.parse_cell(given) if isinstance(given, str) else dict(given)
    except ValueError:
        problems[f"{path}/disaggregation"].append(_fault(_("This is not the name of a cell."), "invalid"))
        return None
    wrong = dict(_unknown(categories, asked.dimensions))
    for place, fault in wrong.items():
        problems[f"{path}/disaggregation/{place}"].append(fault)
    if not wrong and asked.groups and not any(set(categories) <= set(group) for group in asked.groups):
        told = "; ".join(" x ".join(sorted(group)) for group in asked.groups)
        sentence = str(_("These are told side by side, not crossed. Crossed are: %s.")) % told
        problems[f"{path}/disaggregation"].append(_fault(sentence, "not_crossed"))
        return None
    return None if wrong else cells_of.format_cell(categories)


def _unknown(
    categories: Mapping[str, str], dimensions: Mapping[str, Sequence[str]]
) -> list[tuple[str, ValidationError]]:
    found = []
    for dimension, category in categories.items():
        if dimension not in dimensions:
            allowed = ", ".join(dimensions) or str(_("none"))
            sentence = str(_("The indicator isn't broken down by this. Allowed: %s.")) % allowed
            found.append((dimension, _fault(sentence, "unknown_dimension")))
        elif category not in dimensions[dimension]:
            allowed = ", ".join(dimensions[dimension])
            sentence = str(_("There is no such category. Allowed: %s.")) % allowed
            found.append((dimension, _fault(sentence, "unknown_category")))
    return found


def _take(said: dict[str, Said], cell: str, one: Any, path: str, asked: Asked, problems: Problems) -> None:
    if cell in said:
        problems[path].append(_fault(_("This value is given twice."), "given_twice"))
        return
    state = CellState.NOT_APPLICABLE if one.state == CellState.NOT_APPLICABLE else CellState.REPORTED
    if state == CellState.NOT_APPLICABLE and (one.numerator is not None or one.denominator is not None):
        problems[path].append(_fault(_("A value that is not applicable has no number."), "not_applicable"))
        return
    findings = check_value(
        asked.measure,
        one.numerator,
        one.denominator,
        is_share=asked.is_share,
        lowest=asked.lowest,
        highest=asked.highest,
        decimals=asked.decimals,
    )
    is_parted = one.denominator is not None and asked.measure in BY_PARTS
    for finding in findings:
        field, sentence = _worded(finding, is_parted)
        problems[f"{path}/{field}" if path != "total" or is_parted else path].append(_fault(sentence, finding.code))
    said[cell] = Said(cell, one.numerator, one.denominator, one.text, str(state))


def check_target(asked: Asked, cell: str, numerator: Decimal | None, denominator: Decimal | None, text: str) -> str:
    """The name of the target's cell, sorted. Raises `ValidationError` at "cell/...", "numerator", "denominator".

    Something is aimed at: a number, or words where the answers are words.
    """
    problems: Problems = defaultdict(list)
    name = _accept_cell(cell, asked, "cell", problems)
    if numerator is None and denominator is None and not (text and asked.measure == Measure.QUALITATIVE):
        problems["numerator"].append(_fault(_("Say what is aimed at."), "required"))
    findings = check_value(
        asked.measure, numerator, denominator, is_share=asked.is_share, lowest=asked.lowest, highest=asked.highest
    )
    for finding in findings:
        field, sentence = _worded(finding, by_parts=True)
        problems[field].append(_fault(sentence, finding.code))
    if problems:
        raise ValidationError(dict(problems))
    return name or ""


def figure_of_said(one: Any, measure: Measure) -> Figure:
    """The figure of a stored or accepted value."""
    if one.state == CellState.NOT_APPLICABLE:
        return NOT_APPLICABLE
    return figure(measure, one.numerator, one.denominator, one.text)


def _complete(said: dict[str, Said], asked: Asked, problems: Problems) -> None:
    """Add the total where it is certain, and refuse parts above it."""
    figures = {cell: figure_of_said(one, asked.measure) for cell, one in said.items() if not one.is_silent}
    total = cells_of.total_of_cells(figures, measure=asked.measure, exclusive=asked.exclusive)
    if cells_of.TOTAL not in figures and total.state in (ValueState.REPORTED, ValueState.NOT_APPLICABLE):
        is_number = total.state is ValueState.REPORTED
        state = CellState.REPORTED if is_number else CellState.NOT_APPLICABLE
        said[cells_of.TOTAL] = Said(cells_of.TOTAL, total.numerator if is_number else None, None, "", str(state))
        figures[cells_of.TOTAL] = total
    for finding in _above(figures, asked.measure, asked.exclusive):
        problems["total"].append(_fault(_worded(finding, by_parts=False)[1], finding.code))


def _above(figures: Mapping[str, Figure], measure: Measure, exclusive: Collection[str]) -> list[Finding]:
    return cells_of.parts_above_total(figures, measure=measure, exclusive=exclusive)


def update_is_complete(said: Sequence[Any], *, evidence: int, asked: Asked) -> None:
    """What is submitted says a total (a number, words, "not applicable") and carries the evidence that is required."""
    problems: Problems = {}
    if not any(one.cell == cells_of.TOTAL for one in said):
        problems["total"] = [_fault(_("Give the total, or say that it is not applicable."), "required")]
    if asked.evidence_required and not evidence:
        problems["evidence"] = [_fault(_("This indicator asks for evidence: add a file first."), "required")]
    if problems:
        raise ValidationError(problems)


# ---------------------------------------------------------------- formulas
@dataclass(frozen=True)
class Input:
    """What a formula needs to know of an indicator: its unit ("" is undeclared) and its own formula, if it has one."""

    unit: str = ""
    formula: str = ""


FORMULA_SENTENCES: dict[str, Sentence] = {
    "empty": _("Write a formula over other indicators, such as [1.1] / [1.2]."),
    "too_long": _("A formula has at most 1,000 signs and 200 parts."),
    "too_deep": _("Sign %(at)s: parentheses lie at most 20 deep."),
    "unknown_sign": _("Sign %(at)s: “%(found)s” has no meaning in a formula."),
    "value_expected": _("Sign %(at)s: a number, an indicator, a function or an opening parenthesis is expected here."),
    "operator_expected": _("Sign %(at)s: one of + - * / or the end is expected before “%(found)s”."),
    "not_closed": _("Sign %(at)s: a bracket or parenthesis is not closed."),
    "unknown_function": _("Sign %(at)s: there is no “%(found)s”. There are sum, min, max and round."),
    "arguments": _("Sign %(at)s: write round(x), or round(x, 2) for two decimals."),
    "places": _("Sign %(at)s: the decimals to round to are a whole number from 0 to 6."),
}


def check_formula(code: str, text: str, known: Mapping[str, Input]) -> None:
    """A formula of the indicator `code` can be read, names indicators there are, runs in no circle, adds like units.

    `known` are the other indicators of the project by code, this one may be among them. Raises `ValidationError` with
    sentences under "formula".
    """
    try:
        tree = parse(text)
    except FormulaFault as fault:
        sentence = str(FORMULA_SENTENCES[fault.code]) % {"at": fault.at, "found": fault.found}
        raise ValidationError({"formula": [_fault(sentence, fault.code)]}) from fault
    problems = [*_names(tree, known, code), *_ambiguous(tree, known)]
    problems = problems or _circles(code, tree, known) or _units(tree, known)
    if problems:
        raise ValidationError({"formula": problems})


def _names(tree: Node, known: Mapping[str, Input], code: str) -> list[ValidationError]:
    sentence = _("Sign %(at)s: there is no indicator %(code)s in this project.")
    return [
        _fault(str(sentence) % {"at": one.at, "code": one.code}, "unknown_indicator")
        for one in names_of(tree)
        if one.code not in known and one.code != code
    ]


def _ambiguous(tree: Node, known: Mapping[str, Input]) -> list[ValidationError]:
    """Numbers that are written like the code of an indicator: one can't tell what is meant."""
    sentence = _("Sign %(at)s: write [%(text)s] for the indicator %(text)s, or %(text)s%(more)s for the number.")
    return [
        _fault(str(sentence) % {"at": one.at, "text": one.text, "more": "0" if "." in one.text else ".0"}, "ambiguous")
        for one in nodes_of(tree)
        if isinstance(one, Number) and one.text in known
    ]


def codes_in(text: str) -> list[str]:
    """The codes that a formula names; none for a text that can't be read."""
    try:
        return codes_of(parse(text))
    except FormulaFault:
        return []


def _circles(code: str, tree: Node, known: Mapping[str, Input]) -> list[ValidationError]:
    uses = {other: codes_in(one.formula) for other, one in known.items() if one.formula}
    path = circle(code, {**uses, code: codes_of(tree)})
    sentence = _("The formulas run in a circle: %(path)s.")
    return [_fault(str(sentence) % {"path": " > ".join(path)}, "circle")] if path else []


def _units(tree: Node, known: Mapping[str, Input]) -> list[ValidationError]:
    _unit, faults = unit_of(tree, {code: one.unit for code, one in known.items()})
    sentence = _("Sign %(at)s: what is added or compared has one unit; here it is %(left)s and %(right)s.")
    none = str(_("none"))
    return [
        _fault(str(sentence) % {"at": one.at, "left": one.left or none, "right": one.right or none}, "units")
        for one in faults
    ]


# ---------------------------------------------------------------- categories told by others
BAND_SENTENCES: dict[str, Sentence] = {
    "cut_through": _("%(band)s can’t be told from these categories: %(part)s lies only partly in it."),
    "outside": _("%(part)s doesn’t belong to %(band)s."),
    "gap": _("%(band)s can’t be told from these categories: none of them tells the ages %(part)s."),
}


def _bands(codes: Sequence[str]) -> dict[str, Band]:
    return {code: one for code in codes if (one := band(code)) is not None}


def _impossible(faults: Sequence[BandFault]) -> list[ValidationError]:
    return [_fault(str(BAND_SENTENCES[one.code]) % {"band": one.band, "part": one.part}, one.code) for one in faults]


def proposed_pairs(present: Sequence[str], wanted: Sequence[str]) -> dict[str, str]:
    """Which category becomes which, by ages and like codes; raises at "pairs" for bands that can't be put together."""
    pairs, faults = mapped(_bands(wanted), _bands(present))
    if faults:
        raise ValidationError({"pairs": _impossible(faults)})
    return {**{code: code for code in present if code in wanted}, **pairs}


def check_pairs(pairs: Mapping[str, str], present: Sequence[str], wanted: Sequence[str]) -> None:
    """Every category present becomes one of those wanted, and each band wanted is exactly its parts.

    Raises `ValidationError` at "pairs" with the sentence that names what doesn't fit.
    """
    problems = []
    unknown = [one for one in pairs if one not in present] + [one for one in pairs.values() if one not in wanted]
    if unknown:
        sentence = str(_("There is no category %s.")) % ", ".join(dict.fromkeys(unknown))
        problems.append(_fault(sentence, "unknown_category"))
    left = [one for one in present if one not in pairs]
    if left:
        problems.append(_fault(str(_("Say what these become: %s.")) % ", ".join(left), "missing"))
    if not problems:
        problems = _impossible(check_mapping(pairs, wanted=_bands(wanted), present=_bands(present)))
    if problems:
        raise ValidationError({"pairs": problems})
