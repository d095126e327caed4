"""Taking in an IATI file: created, unchanged, changed and left, updated by revisions; nothing half-saved."""

import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from kmop.audit.models import Entry
from kmop.shared.errors import NotAllowed
from partners.models import Organisation
from projects.choices import (
    AcrossTime,
    Action,
    Direction,
    Measure,
    PartnershipRole,
    ProjectRoleName,
    ProjectStatus,
    ResultLevel,
    UpdateSource,
    UpdateState,
)
from projects.interop.iati.importing import import_file
from projects.models import (
    Actual,
    Baseline,
    BudgetLine,
    Category,
    ImportedActivity,
    Indicator,
    Period,
    Place,
    Project,
    ProjectRole,
    Target,
    Transaction,
    Update,
    UpdateValue,
)
from tests.factories import make_dimension, make_organisation, make_project, make_role, make_user
from tests.factories_iati import ACTUALS, BUDGET, TRANSACTION, activity, take, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    """An M&E officer of another project."""
    user = make_user("Alice")
    make_role(user, ProjectRoleName.ME_OFFICER, make_project("OLD"))
    return user


def test_a_new_activity_becomes_a_project_with_everything(alice: User) -> None:
    report = take(alice, activity())
    assert report.counts() == {
        "activities": 1, "created": 1, "updated": 0, "unchanged": 0, "changed": 0, "results": 1, "indicators": 1,
        "periods": 1, "targets": 1, "actuals": 4, "transactions": 1, "budgets": 1, "organisations": 3,
    }  # fmt: skip
    assert told(report) == ["not-a-number"]
    project = Project.objects.get(iati_identifier="GR-1-P1")
    assert report.projects == [project.pk]
    assert (project.code, project.titles, project.status) == (
        "GR-1-P1",
        {"en": "T", "el": "Τίτλος"},
        ProjectStatus.ACTIVE,
    )
    assert (str(project.starts_on), str(project.ends_on), project.currency) == ("2024-01-01", "2025-12-31", "EUR")
    assert list(project.countries.values_list("country", "percentage")) == [("GR", Decimal(100))]
    assert list(project.sectors.values_list("vocabulary", "code")) == [("1", "11220")]
    assert list(project.partnerships.values_list("organisation__name", "role", "reports")) == [
        ("Alpha", PartnershipRole.COORDINATOR, False),
        ("Ministry", PartnershipRole.FUNDING, False),
    ]
    assert [place.code for place in project.places.all()] == ["GR-I"]
    assert list(project.documents.values_list("url", "categories")) == [("https://example.org/a.pdf", ["A01"])]
    transaction = Transaction.objects.get(project=project)
    assert (transaction.kind, transaction.amount, transaction.currency) == ("3", Decimal("10.5"), "USD")
    assert transaction.receiver == Organisation.objects.get(iati_identifier="GR-2")
    line = BudgetLine.objects.get(project=project)
    assert (line.code, line.amount, line.currency, line.iati_type) == ("B1", Decimal(1000), "EUR", "1")
    result = project.results.get()
    assert (result.code, result.level) == ("1", ResultLevel.OUTCOME)
    indicator = result.indicators.get()
    assert (indicator.code, indicator.measure, indicator.direction) == ("1.1", Measure.COUNT, Direction.DESCENDING)
    assert [dimension.code for dimension in indicator.dimensions.all()] == ["sex"]
    assert Baseline.objects.get(indicator=indicator).year == 2023


def test_actuals_become_approved_updates_of_the_importer_and_are_rolled_up(alice: User) -> None:
    take(alice, activity())
    whole, athens = Update.objects.order_by("place_id").order_by("id")
    for update in (whole, athens):
        assert (update.state, update.source, update.started_by) == (UpdateState.APPROVED, UpdateSource.IMPORT, alice)
        assert update.created_by.email.startswith("importer@")
        assert update.decided_by == update.submitted_by == update.created_by
    assert (whole.narrative, whole.language, whole.place) == ("Twelve", "en", None)
    assert athens.place == Place.objects.get(code="GR-I")
    assert list(whole.values.values_list("cell", "numerator", "text")) == [
        ("", Decimal(12), ""), ("sex:female", Decimal(7), ""), ("sex:male", Decimal(5), ""),
    ]  # fmt: skip
    assert list(athens.values.values_list("cell", "numerator", "text")) == [("", None, "about 3")]
    assert list(Actual.objects.order_by("cell").values_list("cell", "numerator", "count")) == [
        ("", Decimal(12), 1), ("sex:female", Decimal(7), 1), ("sex:male", Decimal(5), 1),
    ]  # fmt: skip


def test_who_imported_works_in_the_project_and_it_is_remembered(alice: User) -> None:
    take(alice, activity())
    project = Project.objects.get(iati_identifier="GR-1-P1")
    assert list(Project.objects.visible_to(alice).order_by("code").values_list("code", flat=True)) == ["GR-1-P1", "OLD"]
    assert ProjectRole.objects.get(project=project).role == ProjectRoleName.ME_OFFICER
    entry = Entry.objects.get(action=Action.PROJECT_IMPORTED)
    assert (entry.actor_id, entry.object_id) == (str(alice.pk), str(project.pk))


def test_a_second_import_changes_nothing(alice: User) -> None:
    first = take(alice, activity())
    before = [model.objects.count() for model in (Project, Update, UpdateValue, Transaction, Entry, Organisation)]
    version = Project.objects.get(code="GR-1-P1").version
    again = take(alice, activity().replace("><", ">\n<"), with_changes=True)
    assert again.counts() == {**first.counts(), "created": 0, "unchanged": 1}
    assert before == [
        model.objects.count() for model in (Project, Update, UpdateValue, Transaction, Entry, Organisation)
    ]
    assert Project.objects.get(code="GR-1-P1").version == version


def test_a_changed_activity_is_left_and_its_difference_told(alice: User) -> None:
    take(alice, activity())
    report = take(alice, activity(title="New", actuals='<actual value="13"/>'), activity("GR-1-P2"))
    assert (report.became["changed"], report.became["created"]) == (1, 1)
    place = "/results[2 R]/indicators[I]/periods[2024-01-01 2024-12-31]"
    gone = '{"dimensions":[["Sex","%s"]],"number":"%s","text":"%s"}'
    assert [(each.path, each.old, each.new) for each in report.changes] == [
        (f"{place}/actuals[]/comments", '[{"language":"en","text":"Twelve"}]', ""),
        (f"{place}/actuals[]/number", "12", "13"),
        (f"{place}/actuals[]/text", "12", "13"),
        (f"{place}/actuals[Sex:Female]", gone % ("Female", 7, 7), ""),
        (f"{place}/actuals[Sex:Male]", gone % ("Male", 5, 5), ""),
        (f"{place}/actuals[ATH]", '{"locations":["ATH"],"text":"about 3"}', ""),
        ("/titles[en]/text", "T", "New"),
    ]
    assert Project.objects.get(code="GR-1-P1").titles["en"] == "T"
    assert Actual.objects.get(period__indicator__project__code="GR-1-P1", cell="").numerator == 12


def test_an_update_writes_what_differs_and_actuals_as_revisions(alice: User) -> None:
    take(alice, activity())
    changed = activity(
        title="New",
        actuals=ACTUALS.replace('value="12"', 'value="13"'),
        money=TRANSACTION.replace("10.50", "11") + TRANSACTION.replace("T1", "T2"),
    )
    assert take(alice, changed, with_changes=True).became == {"updated": 1}
    project = Project.objects.get(code="GR-1-P1")
    assert (project.titles["en"], project.version) == ("New", 2)
    assert list(project.transactions.values_list("reference", "amount")) == [
        ("T1", Decimal(11)),
        ("T2", Decimal("10.5")),
    ]
    assert list(project.budget_lines.all()) == []
    assert (Indicator.objects.count(), Period.objects.count()) == (1, 1)
    old, new = Update.objects.filter(place=None).order_by("revision")
    assert (new.revision, new.revises, new.superseded_at) == (2, old, None)
    assert old.superseded_at is not None
    assert Update.objects.exclude(place=None).get().revision == 1
    assert Actual.objects.get(cell="").numerator == 13
    assert take(alice, changed, with_changes=True).became == {"unchanged": 1}


def test_a_newer_file_changes_a_definition_by_a_version_or_says_that_it_stays(alice: User) -> None:
    take(alice, activity())
    falling = activity().replace('ascending="0"', 'ascending="1"')
    assert falling != activity()
    take(alice, falling, with_changes=True)
    indicator = Indicator.objects.get()
    first, second = indicator.versions.order_by("number")
    assert (first.by, second.by, second.reason) == (alice, alice, "A newer file of the publisher says so.")
    assert (first.snapshot["facts"]["direction"], indicator.direction) == (Direction.DESCENDING, Direction.ASCENDING)
    report = take(alice, falling.replace('measure="1"', 'measure="2"'), with_changes=True)
    assert report.became == {"updated": 1}
    assert Indicator.objects.get().measure == Measure.COUNT
    assert "definition-kept" in told(report)
    assert indicator.versions.count() == 2


def test_results_are_found_again_although_people_renamed_them(alice: User) -> None:
    take(alice, activity())
    Indicator.objects.update(titles={"en": "Ours"})
    more = activity(actuals='<actual value="1"/>').replace(
        "</indicator>", '</indicator><indicator measure="2"><title><narrative>J</narrative></title></indicator>'
    )
    take(alice, more, with_changes=True)
    assert list(Indicator.objects.order_by("code").values_list("code", "measure")) == [
        ("1.1", Measure.COUNT), ("1.2", Measure.PERCENTAGE),
    ]  # fmt: skip


def test_a_locked_period_keeps_its_figures(alice: User) -> None:
    take(alice, activity())
    Period.objects.update(is_locked=True)
    report = take(alice, activity(actuals='<actual value="99"/>'), with_changes=True)
    assert (told(report), report.held["actuals"]) == (["locked"], 0)
    assert Actual.objects.get(cell="").numerator == 12


def test_a_figure_that_the_organisation_reported_itself_stays(alice: User) -> None:
    take(alice, activity(actuals=""))
    period = Period.objects.get()
    alpha = Organisation.objects.get(iati_identifier="GR-1")
    own = Update.objects.create(
        indicator=period.indicator, period=period, organisation=alpha, state=UpdateState.APPROVED, created_by=alice
    )
    report = take(alice, activity(actuals='<actual value="99"/>'), with_changes=True)
    assert told(report) == ["reported-otherwise"]
    assert list(Update.objects.all()) == [own]


def test_a_dry_run_says_the_same_and_writes_nothing(alice: User) -> None:
    report = take(alice, activity(), activity("GR-1-P2"), dry_run=True)
    assert (Project.objects.count(), Organisation.objects.count(), ImportedActivity.objects.count()) == (1, 0, 0)
    done = take(alice, activity(), activity("GR-1-P2"))
    assert report.counts() == done.counts()


def test_an_activity_that_cannot_be_saved_does_not_stop_the_others(alice: User) -> None:
    def meanwhile(_percent: int) -> None:
        Project.objects.get_or_create(code="ELSE", iati_identifier="GR-1-P2")

    report = take(alice, activity(), activity("GR-1-P2"), activity("GR-1-P3"), progress=meanwhile)
    assert (report.became, [each.code for each in report.problems.errors]) == ({"created": 2}, ["not-saved"])
    assert report.problems.errors[0].path == "/iati-activities/iati-activity[2]"
    assert list(Project.objects.order_by("code").values_list("code", flat=True)) == [
        "ELSE", "GR-1-P1", "GR-1-P3", "OLD",
    ]  # fmt: skip


def test_of_two_imports_of_one_activity_the_slower_is_refused(alice: User) -> None:
    take(alice, activity())

    def meanwhile(percent: int) -> None:
        if percent < 100:
            take(alice, activity(title="Quick"), with_changes=True)

    report = take(alice, activity("GR-1-P0"), activity(title="Slow"), with_changes=True, progress=meanwhile)
    assert [each.code for each in report.problems.errors] == ["not-saved"]
    assert Project.objects.get(code="GR-1-P1").titles["en"] == "Quick"


def test_organisations_are_matched_by_identifier_then_by_name(alice: User) -> None:
    known = make_organisation("ALPHA", name="ALPHA ", iati_identifier="")
    report = take(alice, activity())
    known.refresh_from_db()
    assert (known.iati_identifier, report.counts()["organisations"]) == ("GR-1", 3)
    assert Organisation.objects.count() == 3


def test_dimensions_are_known_by_their_other_names(alice: User) -> None:
    make_dimension("sex", "female", "male")
    gender = ACTUALS.replace('name="Sex"', 'name="GENDER "')
    dimension = make_dimension("gender-x", "f")
    dimension.aliases = ["Gender"]
    dimension.save()
    Category.objects.filter(dimension=dimension).update(aliases=["Female"])
    take(alice, activity(actuals=gender))
    assert sorted(UpdateValue.objects.exclude(cell="").values_list("cell", flat=True)) == [
        "gender-x:f",
        "gender-x:male",
    ]


def test_periods_that_overlap_are_not_added_up(alice: User) -> None:
    second = (
        '<period><period-start iso-date="2024-01-01"/><period-end iso-date="2024-06-30"/><actual value="1"/></period>'
    )
    take(alice, activity().replace("</indicator>", f"{second}</indicator>"))
    assert Indicator.objects.get().across_time == AcrossTime.LATEST


def test_repeated_cells_and_periods_are_told(alice: User) -> None:
    again = (
        '<period><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/><actual value="1"/></period>'
    )
    report = take(alice, activity().replace("</indicator>", f"{again}</indicator>"))
    assert told(report) == ["repeated-cell", "not-a-number", "repeated-period"]
    assert (report.held["periods"], report.held["actuals"]) == (1, 4)


def test_an_unknown_result_type_is_kept_as_an_output_and_told(alice: User) -> None:
    report = take(alice, activity().replace('result type="2"', 'result type="9"'))
    assert told(report) == ["not-a-number", "no-level"]
    assert Project.objects.get(code="GR-1-P1").results.get().level == ResultLevel.OUTPUT


@pytest.mark.parametrize("identifier, code", [("ΑΒ/1 2", "1-2"), ("GR-OLD!", "GR-OLD"), ("OLD", "OLD-2")])
def test_codes_are_free_and_plain(alice: User, identifier: str, code: str) -> None:
    take(alice, activity(identifier))
    assert Project.objects.get(iati_identifier=identifier).code == code


def test_a_refused_file_is_a_report_with_one_error(alice: User) -> None:
    report = import_file(io.BytesIO(b"no"), by=alice)
    assert (report.is_refused, told(report), report.counts()["activities"]) == (True, ["not-xml"], 0)


def test_strangers_and_partners_import_nothing() -> None:
    dora = make_user("Dora")
    with pytest.raises(NotAllowed):
        take(dora, activity())
    assert Project.objects.count() == 0


def test_portfolio_managers_import_without_a_role_in_the_project() -> None:
    manager = make_user("Maria", PortalRole.PORTFOLIO_MANAGER)
    take(manager, activity())
    assert ProjectRole.objects.count() == 0


def test_the_number_of_statements_does_not_grow_with_the_rows(alice: User) -> None:
    def statements(identifier: str, copies: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            take(alice, activity(identifier, money=BUDGET * copies + TRANSACTION * copies))
        return len(seen)

    take(alice, activity("GR-1-P0"))
    assert statements("GR-1-P1", 1) == statements("GR-1-P2", 40)


def test_an_activity_that_is_a_project_of_others_is_told_and_left(alice: User) -> None:
    take(alice, activity())
    other = make_user("Bella")
    make_role(other, ProjectRoleName.ME_OFFICER, make_project("ELSE"))
    report = take(other, activity(title="Mine"), with_changes=True)
    assert (told(report)[0], report.became, report.changes) == ("not-saved", {}, [])
    assert Project.objects.get(code="GR-1-P1").titles["en"] == "T"


def test_who_only_sees_a_project_does_not_update_it(alice: User) -> None:
    take(alice, activity())
    other = make_user("Bella")
    make_role(other, ProjectRoleName.ME_OFFICER, make_project("ELSE"))
    make_role(other, ProjectRoleName.FUNDER_VIEWER, Project.objects.get(code="GR-1-P1"))
    assert take(other, activity(title="Mine")).became == {"changed": 1}
    assert told(take(other, activity(title="Mine"), with_changes=True))[0] == "not-saved"


def test_targets_of_a_single_partner_are_the_portals_own_and_stay(alice: User) -> None:
    take(alice, activity())
    period = Period.objects.get()
    own = Target.objects.create(
        indicator=period.indicator,
        period=period,
        organisation=Organisation.objects.get(iati_identifier="GR-1"),
        numerator=3,
    )
    take(alice, activity().replace('target value="20"', 'target value="21"'), with_changes=True)
    assert list(Target.objects.order_by("numerator").values_list("pk", "numerator"))[0] == (own.pk, 3)
    assert sorted(Target.objects.values_list("numerator", flat=True)) == [3, 21]
