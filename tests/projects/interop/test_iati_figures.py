"""Every indicator with actuals of every readable real file: the portal's figures are those computed from the XML."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kmop.accounts.services.users import command_line
from projects.interop.iati.importing import import_file
from projects.models import Indicator, Project
from projects.queries.figures import IndicatorFacts, figures_of
from tests.iati_figures import Days, Expected, Told, Value, figures

DATA = Path(__file__).parents[4] / "shared" / "data"
COUNTS = DATA / "iati_counts.json"
if not COUNTS.is_file():
    pytest.skip("the folder of real files is not beside this project", allow_module_level=True)

pytestmark = pytest.mark.django_db
LATER = date(2099, 1, 1)
READABLE = ("2.01", "2.02", "2.03")


def has_actuals(facts: dict[str, Any]) -> bool:
    """Whether a file is an activity file that is taken in, with an actual in it."""
    is_ours = facts["well_formed"] and facts["root"] == "iati-activities" and facts["version"] in READABLE
    return bool(is_ours and facts["counts"].get("actual"))


FILES = sorted(name for name, facts in json.loads(COUNTS.read_text()).items() if has_actuals(facts))

# How many figures of a file (periods, then whole lives) a spreadsheet would get otherwise, by cause.
BROKEN_DOWN = {"period: broken down": 1, "whole: broken down": 1}
DIFFERENCES: dict[str, dict[str, int]] = {
    "broken/iati-dup-activity-ids.xml": {},
    "examples/iatipublisher-complete-2.03.xml": {"period: no value": 1, "whole: no value": 1},
    "publishers/mixed-foodsecurity-2.03.xml": {"period: no actual": 9},
    "publishers/worldbank-region679-2.03.xml": {
        "period: value is no number": 30,
        "whole: value is no number": 30,
    },
}

# What the real files don't happen to hold, by measure: actuals as (days, value, attributes of place and cell).
Q1, Q2, YEAR = ("2024-01-01", "2024-03-31"), ("2024-04-01", "2024-06-30"), ("2024-01-01", "2024-12-31")
MADE: dict[str, tuple[str, list[tuple[Days, str, str]], dict[str, int]]] = {
    "two places of a count": ("1", [(Q1, "10", "a"), (Q1, "4", "b")], {}),
    "two places of a percentage": (
        "2",
        [(Q1, "40", "a"), (Q1, "60", "b")],
        {"period: percentages without parts": 1, "whole: percentages without parts, repeated period": 1},
    ),
    "a percentage over time": ("2", [(Q1, "40", ""), (Q2, "36%", "")], {"whole: latest stands": 1}),
    "a year beside its quarters": (
        "1",
        [(Q1, "10", ""), (Q2, "5", ""), (YEAR, "15", "")],
        {"whole: periods overlap": 1},
    ),
    "a cell told twice": (
        "1",
        [(Q1, "10", ""), (Q1, "12", "")],
        {"period: repeated cell": 1, "whole: repeated cell, repeated period": 1},
    ),
    "numbers for people": ("1", [(Q1, "10,000.50", ""), (Q2, "23,152", "")], {"period: value is no number": 1}),
    "too large, and too fine": ("1", [(Q1, "9000000000001", ""), (Q2, "0.1234567", "")], {"period: too large": 1}),
    "a true zero": ("1", [(Q1, "0", ""), (Q2, "-3", "")], {}),
}


@pytest.mark.parametrize("name", FILES)
def test_the_portal_has_the_figures_of_the_file(name: str) -> None:
    path = DATA / "iati" / name
    with path.open("rb") as file:
        import_file(file, by=command_line())
    _compare(path, DIFFERENCES.get(name, BROKEN_DOWN))


@pytest.mark.parametrize("case", sorted(MADE))
def test_what_real_files_do_not_hold(case: str, tmp_path: Path) -> None:
    measure, actuals, differences = MADE[case]
    path = tmp_path / "made.xml"
    path.write_text(_file(measure, actuals))
    with path.open("rb") as file:
        import_file(file, by=command_line())
    _compare(path, differences)


def _file(measure: str, actuals: list[tuple[Days, str, str]]) -> str:
    periods = "".join(
        f'<period><period-start iso-date="{days[0]}"/><period-end iso-date="{days[1]}"/><actual value="{value}">'
        + (f'<location ref="{place}"/>' if place else "")
        + "</actual></period>"
        for days, value, place in actuals
    )
    return (
        '<iati-activities version="2.03"><iati-activity><iati-identifier>AA-1</iati-identifier>'
        '<reporting-org ref="AA" type="22"><narrative>A</narrative></reporting-org>'
        "<title><narrative>A</narrative></title>"
        f'<result type="1"><title><narrative>R</narrative></title><indicator measure="{measure}">'
        f"<title><narrative>I</narrative></title>{periods}</indicator></result></iati-activity></iati-activities>"
    )


def _compare(path: Path, differences: dict[str, int]) -> None:
    expected = figures(path)
    shown = _portal()
    assert {(one.activity, one.place) for one in expected} <= shown.keys()
    for one in expected:
        facts = shown[one.activity, one.place]
        assert _of_periods(facts) == {days: (told.right, told.cells) for days, told in one.periods.items()}
        assert _value(facts.actual) == one.whole.right, (one.activity, one.place)
    assert _differences(expected) == differences


def _portal() -> dict[tuple[str, int], IndicatorFacts]:
    """The figures of all indicators by identifier of the project and place in the file."""
    identifiers = dict(Project.objects.values_list("pk", "iati_identifier"))
    indicators = list(Indicator.objects.order_by("pk"))
    found = figures_of(indicators, day=LATER)
    return {(identifiers[one.project_id], one.order): found[one.pk] for one in indicators}


def _of_periods(facts: IndicatorFacts) -> dict[Days, tuple[Value, list[Value]]]:
    return {
        (one.period.starts_on.isoformat(), one.period.ends_on.isoformat()): (
            _value(one.actual),
            [_value(one.cells[cell]) for cell in sorted(one.cells)],
        )
        for one in facts.periods
    }


def _value(figure: Any) -> Value:
    return figure.state.value, figure.value


def _differences(expected: list[Expected]) -> dict[str, int]:
    """Figures that a sum of all numbers gets wrong, by cause; one without a cause fails here."""
    found: Counter[str] = Counter()
    for one in expected:
        found.update(_cause("period", told) for told in one.periods.values() if told.differs)
        found.update([_cause("whole", one.whole)] if one.whole.differs else [])
    return dict(found)


def _cause(kind: str, told: Told) -> str:
    assert told.causes, told
    return f"{kind}: {', '.join(sorted(told.causes))}"
