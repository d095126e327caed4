"""Whether a changed definition can stand: methods, measure, dimensions, what categories become, days of periods."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kmop.shared.errors import Sentence
from projects.calculation.definition import Definition, MappedCategory
from projects.calculation.mapping import NOWHERE, mapped_cell
from projects.calculation.methods import may_combine_partners, may_combine_time
from projects.calculation.values import ADDITIVE, BY_PARTS, AcrossPartners, AcrossTime, Measure
from projects.models import Dimension, Indicator, Period, Result, Update, UpdateValue
from projects.services.formulas import wrong_formulas

MOST_DIMENSIONS = 4
Problem = tuple[str, Sentence]
ALIKE = (frozenset(ADDITIVE), frozenset(BY_PARTS))


def check_definition(indicator: Indicator, before: Definition, after: Definition) -> None:
    """Raises `ValidationError` by field ("measure", "dimensions", "mappings", "periods/12") for what can't be."""
    problems: defaultdict[str, list[Sentence]] = defaultdict(list)
    for name, sentence in _problems(indicator, before, after):
        problems[name].append(sentence)
    if problems:
        raise ValidationError(dict(problems))


def _problems(indicator: Indicator, before: Definition, after: Definition) -> Iterator[Problem]:
    yield from _methods(after)
    yield from _formula(indicator, after)
    if after.facts["measure"] != before.facts["measure"]:
        yield from _measure(indicator, before, after)
    result = Result.objects.filter(pk=after.facts["result"], project=indicator.project_id)
    if after.facts["result"] != before.facts["result"] and not result.exists():
        yield "result", _("There is no such result in this project.")
    if after.dimensions != before.dimensions:
        yield from _dimensions(after)
    new = sorted(set(after.mappings) - set(before.mappings))
    if new:
        yield from _mappings(indicator, after, new)
    if after.moved:
        yield from _periods(indicator, after)


def _methods(after: Definition) -> Iterator[Problem]:
    measure = Measure(after.facts["measure"])
    if not may_combine_partners(measure, AcrossPartners(after.facts["across_partners"])):
        yield "across_partners", _("This method across partners has no meaning for the measure.")
    if not may_combine_time(measure, AcrossTime(after.facts["across_time"])):
        yield "across_time", _("This method across time has no meaning for the measure.")


def _formula(indicator: Indicator, after: Definition) -> Iterator[Problem]:
    """A formula belongs to its measure, and can be: see `validators.check_formula`."""
    facts = after.facts
    if (facts["measure"] == Measure.FORMULA) != bool(facts["formula"]):
        yield "formula", _("A formula belongs to the measure “Formula”, and to no other.")
    elif facts["formula"]:
        row = Indicator(project=indicator.project, code=indicator.code, units=facts["units"])
        row.measure, row.formula = facts["measure"], facts["formula"]
        for _row, errors in wrong_formulas(indicator.project, [row]):
            for one in errors:
                yield "formula", str(one.message)


def _measure(indicator: Indicator, before: Definition, after: Definition) -> Iterator[Problem]:
    """Counts and amounts are alike, percentages and ratios too; else the numbers entered would mean nothing."""
    pair = {Measure(before.facts["measure"]), Measure(after.facts["measure"])}
    if any(pair <= alike for alike in ALIKE):
        return
    if Update.objects.filter(indicator=indicator).exists():
        yield "measure", _("Figures were entered by the old measure and would mean nothing by this one.")


def _dimensions(after: Definition) -> Iterator[Problem]:
    known = set(Dimension.objects.filter(code__in=after.dimensions).values_list("code", flat=True))
    unknown = sorted(set(after.dimensions) - known)
    if unknown:
        yield "dimensions", _("There is no such dimension: %(codes)s.") % {"codes": ", ".join(unknown)}
    if len(after.dimensions) > MOST_DIMENSIONS:
        yield "dimensions", _("An indicator is broken down by four dimensions at most.")


# ---------------------------------------------------------------- categories
def _mappings(indicator: Indicator, after: Definition, new: list[MappedCategory]) -> Iterator[Problem]:
    dimensions = Dimension.objects.filter(code__in={one[0] for one in new}).prefetch_related("categories")
    known = {one.code: {each.code for each in one.categories.all()} for one in dimensions}
    gone = after.becomes
    for dimension, old, becomes in new:
        where = {"category": f"{dimension}:{old}", "becomes": f"{dimension}:{becomes}"}
        if old not in known.get(dimension, ()):
            yield "mappings", _("There is no category %(category)s.") % where
        elif becomes not in {NOWHERE, *known[dimension]}:
            yield "mappings", _("There is no category %(becomes)s.") % where
        elif becomes not in (NOWHERE, old) and (dimension, becomes) in gone:
            yield "mappings", _("%(becomes)s is itself no longer asked for: choose another category.") % where
    yield from _unaddable(indicator, after)


def _unaddable(indicator: Indicator, after: Definition) -> Iterator[Problem]:
    """Cells of one update that would meet in one and can't be added: ratings, percentages without parts."""
    if Measure(after.facts["measure"]) in ADDITIVE:
        return
    met: defaultdict[tuple[int, str], int] = defaultdict(int)
    values = UpdateValue.objects.filter(update__indicator=indicator, numerator__isnull=False, denominator=None)
    for update, cell in values.exclude(cell="").values_list("update_id", "cell"):
        met[update, mapped_cell(cell, after.becomes)] += 1
    count = sum(number > 1 and cell != NOWHERE for (_update, cell), number in met.items())
    if count:
        yield (
            "mappings",
            _("%(n)d values can't be added: they are ratings, or percentages without parts. Keep the categories apart.")
            % {"n": count},
        )


# ---------------------------------------------------------------- periods
def _periods(indicator: Indicator, after: Definition) -> Iterator[Problem]:
    there = {one.pk: one for one in Period.objects.filter(indicator=indicator)}
    taken = {(one.starts_on, one.ends_on) for one in there.values() if one.pk not in after.moved}
    for pk, (start, end, _due) in after.moved.items():
        path, span = f"periods/{pk}", (date.fromisoformat(start), date.fromisoformat(end))
        if pk not in there:
            yield path, _("This period belongs to another indicator.")
        elif there[pk].is_locked:
            yield path, _("This period is locked. Open it before it is moved.")
        elif span[0] > span[1]:
            yield path, _("The end lies before the start.")
        elif span in taken:
            yield path, _("There is a period of these days already.")
        taken.add(span)
