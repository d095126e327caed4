"""The parts of an import: places by gazetteer or by activity, cells by name, money that changes, codes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kmop.accounts.services.users import command_line
from projects.choices import PartnershipRole, PlaceLevel
from projects.models import BudgetLine, DocumentLink, Expense, Place, Project, ProjectCountry
from projects.services.imports.activities import import_activity
from projects.services.imports.cells import CellNames, plain_cell
from projects.services.imports.known import Known
from projects.services.imports.places import PlaceMatcher
from projects.services.imports.shapes import (
    Activity,
    Amount,
    Budget,
    Document,
    Indicator,
    Location,
    Measured,
    Narrative,
    Organisation,
    Period,
    Result,
    Share,
)
from projects.services.imports.texts import by_language, code_of, first_of, free_code, is_plain, latin_code
from tests.factories import make_dimension

pytestmark = pytest.mark.django_db

TITLES = (Narrative("en", "T"),)
ACTIVITY = Activity("GR-1-P1", Organisation("GR-1"), TITLES)
DAYS = date(2024, 1, 1), date(2024, 12, 31)


def take(activity: Activity, *, with_changes: bool = False) -> Project:
    """The project that an activity becomes."""
    outcome = import_activity(activity=activity, known=Known.load(command_line()), with_changes=with_changes)
    return Project.objects.get(pk=outcome.project_id)


# ---------------------------------------------------------------- texts and codes


@pytest.mark.parametrize(
    "text, code",
    [
        (" Refugees and asylum-seekers ", "refugees-and-asylum-seekers"),
        ("Γυναίκες", "γυναικεσ"),
        ("<18", "under-18"),
        ("18+", "18-plus"),
        ("≥ 60", "from-60"),
    ],
)
def test_codes_of_names(text: str, code: str) -> None:
    assert code_of(text) == code


def test_long_names_and_signs_alone_have_codes_too() -> None:
    first, second = code_of("a" * 61), code_of("a" * 62)
    assert (len(first), first == second, first[:51]) == (60, False, "a" * 51)
    assert (code_of("...")[:2], code_of("...") == code_of("!")) == ("x-", False)


def test_texts_of_one_language_follow_each_other() -> None:
    texts = (Narrative("el", "α"), Narrative("en", "a"), Narrative("el", "β"))
    assert by_language(texts) == {"el": "α\nβ", "en": "a"}
    assert (first_of([("el", "α"), ("en", "a")]), first_of([("el", "α")]), first_of([])) == (
        ("en", "a"), ("el", "α"), ("", ""),
    )  # fmt: skip


def test_free_and_latin_codes() -> None:
    taken = {"a", "a-2"}
    assert (free_code("A", taken), free_code("A", taken)) == ("A-3", "A-4")
    assert (latin_code("GR/1_x"), latin_code("ΑΒΓ"), len(latin_code("x" * 99))) == ("GR-1-x", "", 60)
    assert [is_plain(text) for text in ("12", " -1.5 ", "1e3", "12%", "")] == [True, True, True, False, False]


# ---------------------------------------------------------------- places


def located(*codes: tuple[str, str], ref: str = "L", **facts: object) -> Location:
    """A location with gazetteer codes."""
    return Location(ref=ref, codes=codes, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "location, code, level",
    [
        (located(("A4", "it"), ("A5", "IT-25")), "IT-25", PlaceLevel.REGION),
        (located(("A4", "gr")), "GR", PlaceLevel.COUNTRY),
        (located(("G1", "264371"), latitude=Decimal("37.98381234"), exactness="1"), "G1-264371", PlaceLevel.POINT),
        (located(("", "1"), ("G1", ""), ("G1", "9" * 40)), "I-", PlaceLevel.TOWN),
        (located(names=(Narrative("el", "Αθήνα"), Narrative("en", "Athens"))), "I-", PlaceLevel.TOWN),
        (located(ref="", latitude=Decimal(1), longitude=Decimal(2)), "I-", PlaceLevel.TOWN),
    ],
)
def test_places_by_gazetteer_or_by_activity(location: Location, code: str, level: PlaceLevel) -> None:
    matcher = PlaceMatcher()
    [place] = matcher.of_activity(replace(ACTIVITY, locations=(location,))).values()
    assert (place.code[: len(code)], place.level) == (code, level)
    assert matcher.of_activity(replace(ACTIVITY, locations=(location,)))[location.ref or "#1"] is place
    matcher.save()
    assert Place.objects.get(code=place.code).latitude in (None, Decimal("37.983812"), Decimal(1))


def test_figures_of_unlisted_and_of_several_places() -> None:
    matcher = PlaceMatcher()
    known = matcher.of_activity(replace(ACTIVITY, locations=(located(ref="A"),)))
    assert matcher.of_figure(ACTIVITY, known, ()) is None
    assert matcher.of_figure(ACTIVITY, known, ("A",)) is known["A"]
    unlisted = matcher.of_figure(ACTIVITY, known, ("B",))
    together = matcher.of_figure(ACTIVITY, known, ("A", "B"))
    assert unlisted is not None
    assert together is not None
    assert (unlisted.name, together.name, together.level) == ("B", "A + B", PlaceLevel.REGION)
    assert matcher.of_figure(ACTIVITY, known, ("B", "A")) is together


# ---------------------------------------------------------------- cells


def test_cells_by_code_and_by_other_names() -> None:
    dimension = make_dimension("sex", "female", "male")
    dimension.aliases = ["Gender"]
    dimension.save()
    names = CellNames.load()
    assert names.cell((("Gender", "FEMALE"), ("Age", "<18"))) == "age:under-18|sex:female"
    assert names.cell((("Sex", "x"), ("Sex", "b"))) == "sex:b+x"
    assert names.cell(()) == plain_cell(()) == ""
    assert plain_cell((("Gender", "FEMALE"),)) == "gender:female"
    assert [one.code for one in names.dimensions_of((("gender", "x"), ("Age", "y")))] == ["sex", "age"]
    names.save()
    again = CellNames.load()
    assert again.cell((("age", "under 18"),)) == "age:under-18"
    assert (again.new_dimensions, again.new_categories) == ([], [])


def test_a_cell_under_two_names_is_kept_once_and_told() -> None:
    dimension = make_dimension("sex", "female")
    dimension.aliases = ["Gender"]
    dimension.save()
    values = tuple(
        Measured(str(number), Decimal(number), ((name, "Female"),)) for number, name in ((1, "Sex"), (2, "Gender"))
    )
    told = Indicator("1", True, TITLES, periods=(Period(*DAYS, actuals=values),))
    activity = replace(ACTIVITY, results=(Result("1", TITLES, indicators=(told,)),))
    outcome = import_activity(activity=activity, known=Known.load(command_line()))
    assert ([one.code for one in outcome.remarks], outcome.held["actuals"]) == (["repeated-cell"], 1)


# ---------------------------------------------------------------- project and money


def test_countries_once_and_a_reporter_from_the_identifier() -> None:
    shares = (Share("", "GR", Decimal(60)), Share("", "GR", Decimal(30)), Share("", "998"), Share("", "IT"))
    project = take(replace(ACTIVITY, reporter=Organisation(), countries=shares, currency="EURO"))
    assert list(ProjectCountry.objects.values_list("country", "percentage")) == [("GR", Decimal(90)), ("IT", None)]
    [partnership] = project.partnerships.all()
    assert (partnership.organisation.name, partnership.role) == ("GR-1", PartnershipRole.COORDINATOR)
    assert project.currency == "EUR"


def test_an_activity_without_a_title_is_called_by_its_identifier() -> None:
    assert take(replace(ACTIVITY, titles=())).titles == {"und": "GR-1-P1"}


def budget(amount: int, kind: str = "budget") -> Budget:
    """A budget of a year."""
    return Budget(kind, "1", "2", *DAYS, Amount(Decimal(amount), "EUR"))


def test_budget_lines_are_changed_added_and_taken_away_unless_money_was_spent() -> None:
    first = replace(ACTIVITY, budgets=(budget(1), budget(2), budget(3), budget(9, "planned-disbursement")))
    project = take(first)
    BudgetLine.objects.create(project=project, code="OWN", titles={}, amount=7, currency="EUR")
    spent = BudgetLine.objects.get(code="B3")
    Expense.objects.create(line=spent, on=DAYS[0], amount=1, currency="EUR")
    take(replace(ACTIVITY, budgets=(budget(1), budget(9, "planned-disbursement"))), with_changes=True)
    take(replace(ACTIVITY, budgets=(budget(5), budget(9, "planned-disbursement"))), with_changes=True)
    assert list(project.budget_lines.order_by("code").values_list("code", "amount", "version")) == [
        ("B1", Decimal(5), 2), ("B3", Decimal(3), 1), ("D1", Decimal(9), 1), ("OWN", Decimal(7), 1),
    ]  # fmt: skip


def test_documents_of_results_and_indicators_are_kept_too() -> None:
    documents = [(Document(f"https://example.org/{number}"),) for number in range(3)]
    told = Indicator("1", True, TITLES, documents=documents[2])
    result = Result("1", TITLES, documents=documents[1], indicators=(told,))
    take(replace(ACTIVITY, documents=documents[0], results=(result,)))
    assert list(DocumentLink.objects.values_list("url", "order")) == [
        ("https://example.org/0", 1), ("https://example.org/1", 2), ("https://example.org/2", 3),
    ]  # fmt: skip
