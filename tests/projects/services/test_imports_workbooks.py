"""Taking in a framework workbook: everything or nothing, through the acts that anybody uses."""

import io
from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from kmop.accounts.models import User
from kmop.audit.models import Entry
from kmop.shared.errors import NotAllowed
from projects.choices import Action, ProjectRoleName
from projects.interop.workbook.importing import as_json, import_workbook
from projects.interop.workbook.template import write_template
from projects.models import Baseline, Indicator, Period, Project, Result, Target
from projects.services.imports.rows import FrameworkRows, IndicatorRow, ResultRow, Spot, TargetRow
from projects.services.imports.workbooks import FrameworkOutcome, import_framework
from tests.factories import make_dimension, make_project, make_role, make_user

pytestmark = pytest.mark.django_db

SPOT = Spot("S", 2)
RESULT = ResultRow(SPOT, "1", "outcome", {"en": "R"})
COUNT = IndicatorRow(SPOT, "1", "1.1", {"en": "I"}, "count", "ascending", dimensions=("Sex",), baseline=Decimal(3))
another = partial(IndicatorRow, SPOT, "1", "1.2", {"en": "J"})
YEAR = {"start": date(2026, 1, 1), "end": date(2026, 12, 31)}


@pytest.fixture
def project() -> Project:
    """A project whose M&E officer is Alice."""
    make_dimension("sex", "female", "male")
    made = make_project("P")
    make_role(make_user("Alice"), ProjectRoleName.ME_OFFICER, made)
    return made


@pytest.fixture
def alice(project: Project) -> User:
    """The project's M&E officer."""
    return User.objects.get(name="Alice")


def take(project: Project, alice: User, rows: FrameworkRows, *, dry_run: bool = False) -> FrameworkOutcome:
    """Import rows by Alice."""
    return import_framework(project=project, rows=rows, by=alice, dry_run=dry_run)


def codes(outcome: FrameworkOutcome) -> list[tuple[str, bool]]:
    """Codes of the problems, and whether each is only a warning."""
    return [(one.code, one.is_warning) for one in outcome.problems]


def test_the_template_imports_as_it_is(project: Project, alice: User) -> None:
    file = io.BytesIO()
    write_template(file, language="el")
    outcome = import_workbook(file, project=project, by=alice)
    assert as_json(outcome) == {
        "results": 1, "indicators": 2, "periods": 2, "targets": 4, "errors": [], "warnings": [],
    }  # fmt: skip
    assert list(Result.objects.values_list("code", "level")) == [("1", "outcome")]
    first, second = Indicator.objects.order_by("code")
    assert ([one.code for one in first.dimensions.all()], second.measure) == (["sex"], "percentage")
    assert Baseline.objects.get(indicator=second).denominator == 40
    assert sorted(Target.objects.values_list("indicator__code", "period__due_on", "cell", "numerator"), key=str) == [
        ("1.1", date(2026, 7, 30), "", Decimal(60)),
        ("1.1", date(2026, 7, 30), "sex:female", Decimal(35)),
        ("1.2", None, "", Decimal(45)),
        ("1.2", None, "", Decimal(90)),
    ]
    entry = Entry.objects.get(action=Action.FRAMEWORK_IMPORTED)
    assert entry.object_id == str(project.pk)


def test_a_second_import_leaves_what_is_there(project: Project, alice: User) -> None:
    rows = FrameworkRows([RESULT], [COUNT], [TargetRow(SPOT, "1.1", **YEAR, numerator=Decimal(5))])
    take(project, alice, rows)
    again = take(
        project, alice, FrameworkRows([RESULT], [COUNT], [TargetRow(SPOT, "1.1", **YEAR, numerator=Decimal(6))])
    )
    assert (codes(again), again.created["results"], again.created["periods"]) == ([], 0, 0)
    assert (Result.objects.count(), Indicator.objects.count(), Period.objects.count()) == (1, 1, 1)
    assert Target.objects.get().numerator == 6


def test_rows_that_say_something_else_are_left_and_told(project: Project, alice: User) -> None:
    take(project, alice, FrameworkRows([RESULT], [COUNT]))
    other = FrameworkRows(
        [ResultRow(SPOT, "1", "output", {"en": "R"})],
        [IndicatorRow(SPOT, "1", "1.1", {"en": "Other"}, "count", "ascending")],
    )
    assert codes(take(project, alice, other)) == [("differs", True), ("differs", True)]
    assert Result.objects.get().level == "outcome"


@pytest.mark.parametrize(
    "indicator, target, code",
    [
        (IndicatorRow(SPOT, "1", "1.1", {"en": "J"}, "count", "ascending"), None, "duplicate"),
        (another("count", "ascending", dimensions=("moon",)), None, "unknown-dimension"),
        (another("count", "ascending", across_partners="weighted_ratio"), None, "method"),
        (another("ratio", "ascending", across_time="sum"), None, "method"),
        (
            another("ratio", "ascending", baseline=Decimal(1),
                         baseline_denominator=Decimal(0)),
            None, "over_zero",
        ),
        (None, TargetRow(SPOT, "9.9", numerator=Decimal(1)), "unknown-indicator"),
        (None, TargetRow(SPOT, "1.1", numerator=Decimal(-1)), "negative"),
        (None, TargetRow(SPOT, "1.1", numerator=Decimal(1), pairs=(("age", "18-24"),)), "unknown-dimension"),
        (None, TargetRow(SPOT, "1.1", numerator=Decimal(1), pairs=(("sex", "robot"),)), "unknown-category"),
    ],
)  # fmt: skip
def test_one_wrong_row_and_nothing_is_saved(
    project: Project, alice: User, indicator: IndicatorRow | None, target: TargetRow | None, code: str
) -> None:
    rows = FrameworkRows([RESULT], [COUNT, *([indicator] if indicator else [])], [target] if target else [])
    outcome = take(project, alice, rows)
    assert (codes(outcome), Result.objects.count()) == ([(code, False)], 0)
    assert as_json(outcome)["results"] == 0


def test_a_target_twice_is_an_error(project: Project, alice: User) -> None:
    target = TargetRow(SPOT, "1.1", **YEAR, numerator=Decimal(5), pairs=(("Sex", "Female"),))
    assert codes(take(project, alice, FrameworkRows([RESULT], [COUNT], [target, target]))) == [("duplicate", False)]


def test_a_column_that_is_too_full_is_told_and_nothing_saved(project: Project, alice: User) -> None:
    outcome = take(project, alice, FrameworkRows([ResultRow(SPOT, "1" * 41, "outcome", {"en": "R"})]))
    assert (codes(outcome), Result.objects.count()) == ([("refused", False)], 0)


def test_a_dry_run_says_what_would_be(project: Project, alice: User) -> None:
    rows = FrameworkRows([RESULT], [COUNT], [TargetRow(SPOT, "1.1", **YEAR)])
    outcome = take(project, alice, rows, dry_run=True)
    assert dict(outcome.created) == {"results": 1, "indicators": 1, "periods": 1}
    assert (Result.objects.count(), outcome.held["targets"]) == (0, 0)


def test_others_import_no_framework(project: Project) -> None:
    with pytest.raises(NotAllowed):
        take(project, make_user("Dora"), FrameworkRows([RESULT]))
