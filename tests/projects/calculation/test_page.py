"""Every row of the tables of docs/indicators.md is a case."""

import re
from datetime import date, timedelta
from decimal import Decimal as D
from fractions import Fraction
from pathlib import Path

import pytest

from beneficiaries.calculation.suppression import hidden_cells
from projects.calculation.ages import Band, band, bands, mapped
from projects.calculation.cells import TOTAL, breakdowns, marginal, parts_above_total
from projects.calculation.combine import across_time, components_of, figure_of, latest_by_key
from projects.calculation.counting import Pair, Part, PeopleMethod, people_counted
from projects.calculation.evaluation import evaluate, unit_of
from projects.calculation.formula import FormulaFault, parse
from projects.calculation.periods import PeriodFigures, composed
from projects.calculation.progress import Progress, of_plan, progress, verdict
from projects.calculation.units import conversion, converted
from projects.calculation.validate import check_value
from projects.calculation.values import (
    NOT_APPLICABLE,
    NOT_REPORTED,
    SUPPRESSED,
    AcrossPartners,
    AcrossTime,
    Direction,
    Figure,
    Measure,
    RawValue,
    ValueState,
    figure,
)
from tests.factories_calculation import raw

PAGE = Path(__file__).parents[3] / "docs" / "indicators.md"
Row = dict[str, str]


def cells_of(line: str) -> list[str]:
    return [one.strip().replace("\\|", "|") for one in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


def rows(title: str) -> list[object]:
    """The rows of the table below a heading, by the names of its columns; each named by its case."""
    section = re.split(rf"\n##+ {re.escape(title)}\n", PAGE.read_text(encoding="utf-8"))[1]
    section = re.split(r"\n##+ ", section)[0]
    head, _, *lines = [cells_of(line) for line in section.splitlines() if line.startswith("|")]
    return [pytest.param(dict(zip(head, line, strict=True)), id=line[0]) for line in lines]


def pair(text: str) -> tuple[D | None, D | None]:
    top, _, bottom = text.partition("/")
    return (None if top == "-" else D(top)), (D(bottom) if bottom else None)


def split(text: str) -> list[str]:
    return [one.strip() for one in text.split(";") if one.strip()]


def value(text: str, number: int, **more: object) -> RawValue:
    if text == "n/a":
        return raw(None, state=ValueState.NOT_APPLICABLE, number=number)
    return raw(*pair(text), number=number, **more)  # type: ignore[arg-type]


def one_figure(measure: Measure, text: str) -> Figure:
    return figure(measure, *pair(text))


def told(made: Figure | Progress, number: D | None, unit: str = "") -> str:
    """A figure or progress as the page writes it."""
    if number is not None:
        return f"{number.normalize():f}{unit}"
    words = str(made.state).replace("_", " ")
    return f"{words}: {made.reason}" if made.reason else words


@pytest.mark.parametrize("row", rows("Across partners and places"))
def test_across_partners(row: Row) -> None:
    measure = Measure(row["Measure"])
    values = [value(text, number) for number, text in enumerate(split(row["Values"]))]
    made = figure_of(components_of(values), AcrossPartners(row["Method"]), measure)
    assert told(made, made.value) == row["Figure"]


@pytest.mark.parametrize("row", rows("Running totals"))
def test_running_totals(row: Row) -> None:
    values = []
    for number, text in enumerate(split(row["Reports"])):
        key, reported = text.split(": ")
        partner, place, month = re.split("[@ ]", key)
        values.append(value(reported, number, partner=partner, place=place, period=int(month)))
    made = figure_of(components_of(latest_by_key(values)), AcrossPartners.SUM, Measure.COUNT)
    assert told(made, made.value) == row["Figure"]


@pytest.mark.parametrize("row", rows("Across time"))
def test_across_time(row: Row) -> None:
    measure = Measure(row["Measure"])
    figures = [one_figure(measure, text) for text in split(row["Periods"])]
    made = across_time(figures, AcrossTime(row["Method"]), cumulative=row["Cumulative"] == "yes", measure=measure)
    assert told(made, made.value) == row["Figure"]


@pytest.mark.parametrize("row", rows("Progress"))
def test_progress(row: Row) -> None:
    measure = Measure(row["Measure"])
    actual, baseline, target = (one_figure(measure, row[name]) for name in ("Actual", "Baseline", "Target"))
    made = progress(actual, baseline, target, measure=measure, direction=Direction(row["Direction"]))
    assert told(made, made.percent, " %") == row["Progress"]
    shown = "" if made.shown is None else told(made, made.shown, " %")
    assert (f"beyond {shown}" if made.over else shown) == row["Shown"]


def period(text: str, year: int) -> PeriodFigures:
    actual, target = text.removesuffix("!").split(" of ")
    figures = (one_figure(Measure.COUNT, one) for one in (actual, target))
    return PeriodFigures(date(year, 12, 31), *figures, missing=int(text.endswith("!")))


@pytest.mark.parametrize("row", rows("Of plan"))
def test_of_plan(row: Row) -> None:
    closed, _, still_open = row["Periods"].partition("|")
    past, coming = split(closed), split(still_open)
    made = of_plan(
        [period(text, 2000 + year) for year, text in enumerate([*past, *coming])],
        NOT_REPORTED,
        method=AcrossTime(row["Method"]),
        cumulative=row["Cumulative"] == "yes",
        measure=Measure.COUNT,
        direction=Direction.ASCENDING,
        today=date(2000 + len(past), 1, 1),
    )
    assert told(made.progress, made.progress.percent, " %") == row["Of plan"]
    assert verdict(made.progress, missing=made.missing) == row["Verdict"]


@pytest.mark.parametrize("row", rows("Refused"))
def test_refused(row: Row) -> None:
    found = check_value(Measure(row["Measure"]), *pair(row["Value"]), is_share=row["Share"] == "yes")
    assert ", ".join(one.code for one in found) == row["Code"]


@pytest.mark.parametrize("row", rows("Breakdowns"))
def test_breakdowns(row: Row) -> None:
    measure = Measure(row["Measure"])
    cells = {TOTAL: one_figure(measure, row["Total"])}
    for text in split(row["Cells"]):
        cell, number = text.split(" ")
        cells[cell.replace("+", "|")] = one_figure(measure, number)
    [made] = breakdowns(cells, measure=measure, exclusive={"sex", "age"})
    found = parts_above_total(cells, measure=measure, exclusive={"sex", "age"})
    assert (made.adding, "yes" if found else "no") == (row["State"], row["Refused"])


@pytest.mark.parametrize("row", rows("Along a dimension"))
def test_along_a_dimension(row: Row) -> None:
    measure = Measure(row["Measure"])
    cells = {}
    for text in split(row["Cells"]):
        cell, number = text.split(" ")
        cells[cell.replace("+", "|")] = one_figure(measure, number)
    sums = marginal(cells, row["Dimension"], measure=measure)
    assert "; ".join(f"{cell} {told(one, one.value)}" for cell, one in sums.items()) == row["Sums"]


STATES = {"n/a": NOT_APPLICABLE, "?": SUPPRESSED}


def named(text: str) -> dict[str, str]:
    return dict(one.split(" = ") for one in split(text))


def inputs(text: str) -> dict[str, Figure]:
    measures = {"a": Measure.RATIO if "1/3" in text else Measure.PERCENTAGE}
    return {
        code: STATES.get(one) or one_figure(measures.get(code, Measure.AMOUNT) if "/" in one else Measure.AMOUNT, one)
        for code, one in named(text).items()
    }


@pytest.mark.parametrize("row", rows("Formulas"))
def test_formulas(row: Row) -> None:
    made = evaluate(parse(row["Formula"]), inputs(row["Inputs"]))
    assert (told(made.figure, made.figure.value), ", ".join(made.lacking)) == (row["Figure"], row["Because of"])


@pytest.mark.parametrize("row", rows("What a formula adds must have one unit"))
def test_units_of_formulas(row: Row) -> None:
    units = {code: one.replace("-", "") for code, one in named(row["Units"]).items()}
    unit, faults = unit_of(parse(row["Formula"]), units)
    assert (str(unit), "; ".join(f"{one.left}, {one.right}" for one in faults)) == (row["Unit"], row["Refused"])


@pytest.mark.parametrize("row", rows("What can't be read"))
def test_formulas_that_cannot_be_read(row: Row) -> None:
    with pytest.raises(FormulaFault) as caught:
        parse(row["Formula"])
    assert (caught.value.code, str(caught.value.at)) == (row["Code"], row["At"])


def months(text: str) -> tuple[date, date]:
    first, last = (int(one) for one in text.split("-"))
    return date(2026, first, 1), date(2026, last + 1, 1) - timedelta(days=1)


@pytest.mark.parametrize("row", rows("Periods put together"))
def test_periods_put_together(row: Row) -> None:
    made = composed([months(one) for one in split(row["There are"])], *months(row["Wanted"]))
    assert made == ([months(one) for one in split(row["Made of"])] or None)


def bands_of(text: str) -> dict[str, Band]:
    given = bands() if text == "finest" else [band(one) for one in split(text)]
    return {one.code: one for one in given if one is not None}


@pytest.mark.parametrize("row", rows("Ages"))
def test_ages(row: Row) -> None:
    mapping, faults = mapped(bands_of(row["Wanted"]), bands_of(row["There are"]))
    assert "; ".join(mapping) == row["Made of"]
    assert "; ".join(f"{one.code} {one.part}" for one in faults) == row["Impossible because of"]


@pytest.mark.parametrize("row", rows("Units"))
def test_units(row: Row) -> None:
    by = conversion(row["From"], row["To"])
    made = None if by is None else converted(D(row["Amount"]), by)
    assert made == (Fraction(row["Gives"]) if row["Gives"] else None)


@pytest.mark.parametrize("row", rows("Small cells"))
def test_small_cells(row: Row) -> None:
    cells = {}
    for text in split(row["Cells"]):
        cell, people = text.split(" ")
        cells[TOTAL if cell == "total" else cell] = int(people)
    assert "; ".join(sorted(hidden_cells(cells))) == row["Suppressed"]


@pytest.mark.parametrize("row", rows("People counted"))
def test_people_counted(row: Row) -> None:
    parts = [Part(key, None if people == "-" else D(people)) for key, people in map(str.split, split(row["Parts"]))]
    known: dict[Pair, D] = {
        frozenset(key.replace("+", "")): D(people) for key, people in map(str.split, split(row["Known"]))
    }
    is_unique = row["Method"] == PeopleMethod.UNIQUE
    recorded = next(iter(known.items()), None) if is_unique else None
    overlaps: dict[Pair, D] = {} if is_unique else known
    made = people_counted(parts, PeopleMethod(row["Method"]), overlaps=overlaps, recorded=recorded)
    bounds = [made.lower] if not made.is_range else [made.lower, made.upper]
    assert " to ".join("-" if one is None else str(one) for one in bounds) == row["People"]
