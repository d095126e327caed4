"""Entering updates: values, totals, places, locks, duplicates, versions."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from kmop.audit.models import Entry
from kmop.shared.errors import NotAllowed, RuleBroken, Stale
from kmop.shared.models import Tombstone
from projects.choices import UpdateState
from projects.models import LockException, Update, UpdateValue
from projects.services.updates import (
    NewUpdate,
    UpdateInput,
    ValueInput,
    approve_update,
    content_of,
    create_update,
    create_updates,
    delete_draft,
    replace_update,
    return_update,
    submit_update,
)
from tests.factories import (
    Cast,
    make_cast,
    make_client,
    make_dimension,
    make_indicator,
    make_obligation,
    make_partnership,
    make_period,
    make_place,
    make_project,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def total(number: Any, **fields: Any) -> UpdateInput:
    """A content that says only a total."""
    return UpdateInput(total=ValueInput(numerator=Decimal(number)), **fields)


def cells(**by_sex: Any) -> tuple[ValueInput, ...]:
    """Values by sex."""
    return tuple(ValueInput({"sex": sex}, Decimal(number)) for sex, number in by_sex.items())


def create(cast: Cast, content: UpdateInput, **fields: Any) -> Update:
    """Bob's update of January."""
    fields = {"indicator": cast.indicator, "period": cast.period, "organisation": cast.a, "by": cast.bob, **fields}
    return create_update(content=content, **fields)


def kept(update: Update) -> dict[str, Any]:
    """The stored values of an update."""
    return {one.cell: one.numerator for one in UpdateValue.objects.filter(update=update)}


def problems(error: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]]:
    """What a validation error says, by path."""
    return dict(error.value.message_dict)


# ---------------------------------------------------------------- create
def test_a_draft_is_kept_with_its_values_and_meets_its_obligation(cast: Cast) -> None:
    obligation = make_obligation(cast.period, cast.a)
    update = create(cast, total("12", narrative="A dozen.", language="en"))
    update.refresh_from_db()
    assert (update.state, update.version, update.revision, update.created_by) == (UpdateState.DRAFT, 1, 1, cast.bob)
    assert (update.narrative, update.language, update.source) == ("A dozen.", "en", "form")
    assert kept(update) == {"": Decimal("12")}
    obligation.refresh_from_db()
    assert (obligation.update, obligation.version) == (update, 2)
    entry = Entry.objects.get()
    assert (entry.action, entry.actor_id, entry.object_id) == ("update.created", str(cast.bob.pk), str(update.pk))


def test_an_obligation_of_another_place_stays_unmet(cast: Cast) -> None:
    obligation = make_obligation(cast.period, cast.a, place=make_place("GR-I"))
    create(cast, total(1))
    obligation.refresh_from_db()
    assert (obligation.update, obligation.version) == (None, 1)


def test_the_total_is_added_up_where_categories_exclude_each_other(cast: Cast) -> None:
    cast.indicator.dimensions.add(make_dimension("sex"))
    update = create(cast, UpdateInput(values=cells(female=42, male=31)))
    assert kept(update) == {"": Decimal(73), "sex:female": Decimal(42), "sex:male": Decimal(31)}


def test_the_total_is_not_guessed_where_categories_overlap(cast: Cast) -> None:
    cast.indicator.dimensions.add(make_dimension("topic", "law", "care", is_exclusive=False))
    values = (ValueInput({"topic": "law"}, Decimal(2)), ValueInput("topic:care", Decimal(3)))
    update = create(cast, UpdateInput(values=values))
    assert kept(update) == {"topic:care": Decimal(3), "topic:law": Decimal(2)}
    with pytest.raises(ValidationError) as error:
        submit_update(update=update, by=cast.bob)
    assert problems(error) == {"total": ["Give the total, or say that it is not applicable."]}


def test_a_value_without_categories_is_the_total(cast: Cast) -> None:
    assert kept(create(cast, UpdateInput(values=(ValueInput(numerator=Decimal(4)),)))) == {"": Decimal(4)}


def test_not_reported_cells_are_left_out_and_not_applicable_is_kept(cast: Cast) -> None:
    cast.indicator.dimensions.add(make_dimension("sex"))
    values = (ValueInput({"sex": "female"}, state="not_reported"), ValueInput({"sex": "male"}, state="not_applicable"))
    update = create(cast, UpdateInput(values=values, total=ValueInput(numerator=Decimal(0))))
    rows = UpdateValue.objects.filter(update=update).values_list("cell", "numerator", "state")
    assert list(rows) == [("", Decimal(0), "reported"), ("sex:male", None, "not_applicable")]


def test_only_not_applicable_cells_make_the_total_not_applicable(cast: Cast) -> None:
    cast.indicator.dimensions.add(make_dimension("sex"))
    values = tuple(ValueInput({"sex": sex}, state="not_applicable") for sex in ("female", "male"))
    update = create(cast, UpdateInput(values=values))
    assert UpdateValue.objects.get(update=update, cell="").state == "not_applicable"


@pytest.mark.parametrize(
    "measure, content, said",
    [
        ("count", UpdateInput(values=cells(female=-1)), {"values/0/value": ["This figure can't be below 0."]}),
        (
            "count",
            UpdateInput(values=cells(female=1, males=2)),
            {"values/1/disaggregation/sex": ["There is no such category. Allowed: female, male, other, not_stated."]},
        ),
        (
            "count",
            UpdateInput(values=(ValueInput({"age": "18-24"}, Decimal(1)),)),
            {"values/0/disaggregation/age": ["The indicator isn't broken down by this. Allowed: sex."]},
        ),
        (
            "count",
            UpdateInput(values=(ValueInput("sex"),)),
            {"values/0/disaggregation": ["This is not the name of a cell."]},
        ),
        (
            "count",
            UpdateInput(values=cells(female=1) + cells(female=2)),
            {"values/1": ["This value is given twice."]},
        ),
        (
            "count",
            UpdateInput(values=cells(female=5, male=4), total=ValueInput(numerator=Decimal(8))),
            {"total": ["The parts by sex add up to 9, more than the total of 8."]},
        ),
        (
            "percentage",
            UpdateInput(total=ValueInput(numerator=Decimal(1), denominator=Decimal(0))),
            {"total/denominator": ["A numerator over a denominator of 0 has no meaning; 0 of 0 is taken."]},
        ),
        (
            "percentage",
            UpdateInput(values=(ValueInput({"sex": "male"}, Decimal(3), Decimal(2)),)),
            {"values/0/numerator": ["The numerator is part of the denominator and can't be larger."]},
        ),
        (
            "count",
            UpdateInput(total=ValueInput(numerator=Decimal("0.0000001"))),
            {"total": ["At most six decimals can be kept."]},
        ),
        (
            "count",
            UpdateInput(total=ValueInput(numerator=Decimal(1), state="not_applicable")),
            {"total": ["A value that is not applicable has no number."]},
        ),
        (
            "scale",
            UpdateInput(total=ValueInput(numerator=Decimal(9))),
            {"total": ["The highest value of the scale is 5."]},
        ),
        ("count", total(1, external_id="a b"), {"external_id": ["Use 1 to 100 letters, digits or . _ : - only."]}),
        (
            "percentage",
            UpdateInput(total=ValueInput(numerator=Decimal("0.0000001"), denominator=Decimal(2))),
            {"total/numerator": ["At most six decimals can be kept."]},
        ),
        (
            "count",
            total(1, language="x" * 11),
            {"language": ["Ensure this value has at most 10 characters (it has 11)."]},
        ),
    ],
)
def test_what_is_not_acceptable_is_told_by_its_path(
    cast: Cast, measure: str, content: UpdateInput, said: dict[str, list[str]]
) -> None:
    bounds = {"scale_minimum": 1, "scale_maximum": 5} if measure == "scale" else {}
    indicator = make_indicator(cast.project, "9", measure=measure, dimensions=[make_dimension("sex")], **bounds)
    with pytest.raises(ValidationError) as error:
        create(cast, content, indicator=indicator, period=make_period(indicator))
    assert problems(error) == said
    assert Update.objects.count() == 0


def test_an_indicator_without_breakdown_allows_none(cast: Cast) -> None:
    with pytest.raises(ValidationError) as error:
        create(cast, UpdateInput(values=cells(female=1)))
    said = {"values/0/disaggregation/sex": ["The indicator isn't broken down by this. Allowed: none."]}
    assert problems(error) == said


def test_period_and_indicator_must_fit(cast: Cast) -> None:
    other = make_period(make_indicator(cast.project, "1.2"))
    with pytest.raises(ValidationError) as error:
        create(cast, total(1), period=other)
    assert problems(error) == {"period": ["This period belongs to another indicator."]}
    ahead = make_period(cast.indicator, 1, year=timezone.localdate().year + 2)
    with pytest.raises(ValidationError) as error:
        create(cast, total(1), period=ahead)
    assert problems(error) == {"period": ["This period has not begun yet."]}
    cast.indicator.is_active = False
    with pytest.raises(ValidationError) as error:
        create(cast, total(1))
    assert problems(error) == {"indicator": ["This indicator is no longer in use."]}


def test_a_place_is_one_of_those_the_partner_reports_for(cast: Cast) -> None:
    attica, crete = make_place("A-1"), make_place("A-2")
    with pytest.raises(ValidationError) as error:
        create(cast, total(1), place=attica)
    assert problems(error) == {"place": ["The project doesn't work in this place."]}
    cast.project.places.add(attica)
    assert create(cast, total(1), place=attica).place == attica
    cast.project.partnerships.get().places.add(crete)
    for place in (None, attica):
        with pytest.raises(ValidationError) as error:
            create(cast, total(1), place=place)
        said = "Your organisation reports in this project by place: name one of its places."
        assert problems(error) == {"place": [said]}
    assert create(cast, total(1), place=crete).place == crete


def test_only_contributors_of_a_reporting_partner_enter(cast: Cast) -> None:
    for user in (cast.carol, cast.dora, cast.alice):
        with pytest.raises(NotAllowed):
            create(cast, total(1), by=user)
    with pytest.raises(NotAllowed):
        create(cast, total(1), organisation=cast.b)
    make_partnership(cast.project, cast.b, reports=False)
    with pytest.raises(NotAllowed):
        create(cast, total(1), organisation=cast.b, by=cast.carol)
    assert Update.objects.count() == 0


def test_a_second_update_of_the_same_is_a_duplicate(cast: Cast) -> None:
    create(cast, total(1))
    with pytest.raises(RuleBroken) as error:
        create(cast, total(2))
    assert (error.value.code, error.value.locked) == ("duplicate", False)
    rows = [NewUpdate(cast.indicator, make_period(cast.indicator, 2), cast.a, content=total(1))] * 2
    with pytest.raises(RuleBroken) as error:
        create_updates(rows=rows, by=cast.bob)
    assert error.value.code == "duplicate"
    assert Update.objects.count() == 1


def test_an_external_id_is_unique_for_each_client(cast: Cast) -> None:
    client, other = make_client(cast.a, "one"), make_client(cast.a, "two")
    periods = [make_period(cast.indicator, month) for month in (2, 3, 4)]
    create(cast, total(1, external_id="mis-1"), client=client)
    with pytest.raises(RuleBroken) as error:
        create(cast, total(1, external_id="mis-1"), client=client, period=periods[0])
    assert error.value.code == "duplicate"
    create(cast, total(1, external_id="mis-1"), client=other, period=periods[1])
    update = create(cast, total(1, external_id="mis-2"), client=client, period=periods[2])
    with pytest.raises(RuleBroken):
        replace_update(update=update, content=total(1, external_id="mis-1"), by=cast.bob)
    assert replace_update(update=update, content=total(2, external_id="mis-2"), by=cast.bob).external_id == "mis-2"


def test_a_locked_period_takes_nothing_but_by_exception(cast: Cast) -> None:
    cast.period.is_locked = True
    cast.period.save()
    with pytest.raises(RuleBroken) as error:
        create(cast, total(1))
    assert (error.value.code, error.value.locked) == ("locked", True)
    day = timezone.localdate()
    LockException.objects.create(
        period=cast.period, organisation=cast.a, until=day - timedelta(days=1), reason="late", given_by=cast.alice
    )
    with pytest.raises(RuleBroken):
        create(cast, total(1))
    LockException.objects.update(until=day)
    update = create(cast, total(1))
    LockException.objects.all().delete()
    update.refresh_from_db()
    for act in (
        lambda: replace_update(update=update, content=total(2), by=cast.bob),
        lambda: submit_update(update=update, by=cast.bob),
    ):
        with pytest.raises(RuleBroken) as error:
            act()
        assert error.value.locked


def test_many_are_entered_all_or_none_with_the_row_in_the_path(cast: Cast) -> None:
    periods = [cast.period, make_period(cast.indicator, 2)]
    rows = [NewUpdate(cast.indicator, one, cast.a, content=total(3)) for one in periods]
    bad = [rows[0], replace(rows[1], content=total(-3))]
    with pytest.raises(ValidationError) as error:
        create_updates(rows=bad, by=cast.bob)
    assert problems(error) == {"rows/1/total": ["This figure can't be below 0."]}
    assert Update.objects.count() == 0
    at = timezone.now() - timedelta(days=40)
    made = create_updates(rows=rows, submit=True, at=at, by=cast.bob)
    assert [(one.state, one.submitted_at) for one in made] == [(UpdateState.SUBMITTED, at)] * 2


# ---------------------------------------------------------------- change
def test_a_draft_is_replaced_whole_and_its_version_counts(cast: Cast) -> None:
    update = create(cast, total(1, narrative="before"))
    content = replace(content_of(update), total=ValueInput(numerator=Decimal(2)))
    changed = replace_update(update=update, content=content, expected_version=1, by=cast.bob)
    assert (changed.version, changed.narrative, kept(changed)) == (2, "before", {"": Decimal(2)})
    with pytest.raises(Stale):
        replace_update(update=update, content=content, expected_version=1, by=cast.bob)
    assert [one.action for one in Entry.objects.order_by("position")] == ["update.created", "update.changed"]


def test_a_returned_update_is_corrected_and_submitted_again(cast: Cast) -> None:
    update = create(cast, total(1), submit=True)
    with pytest.raises(RuleBroken) as error:
        replace_update(update=update, content=total(2), by=cast.bob)
    assert error.value.code == "wrong_state"
    return_update(update=update, note="Count again.", by=cast.alice)
    done = replace_update(update=update, content=total(2), submit=True, by=cast.bob)
    assert (done.state, done.note) == (UpdateState.SUBMITTED, "Count again.")
    approve_update(update=done, by=cast.alice)
    with pytest.raises(RuleBroken):
        submit_update(update=done, by=cast.bob)


def test_a_colleague_may_change_but_another_partner_may_not(cast: Cast) -> None:
    update = create(cast, total(1))
    for act in (replace_update, submit_update, delete_draft):
        fields: dict[str, Any] = {"content": total(2)} if act is replace_update else {}
        with pytest.raises(NotAllowed):
            act(update=update, by=cast.carol, **fields)


def test_a_draft_is_deleted_and_leaves_a_tombstone(cast: Cast) -> None:
    obligation = make_obligation(cast.period, cast.a)
    update = create(cast, total(1))
    with pytest.raises(Stale):
        delete_draft(update=update, expected_version=7, by=cast.bob)
    number = update.pk
    delete_draft(update=update, expected_version=1, by=cast.bob)
    assert Update.objects.count() == 0
    assert list(Tombstone.objects.values_list("kind", "object_id", "scope")) == [
        ("projects.update", str(number), str(cast.a.pk))
    ]
    obligation.refresh_from_db()
    assert (obligation.update, obligation.version) == (None, 3)
    with pytest.raises(Stale):
        delete_draft(update=Update(pk=number, organisation=cast.a, indicator=cast.indicator), by=cast.bob)
    submitted = create(cast, total(1), submit=True)
    with pytest.raises(RuleBroken):
        delete_draft(update=submitted, by=cast.bob)


def test_required_evidence_is_asked_for_on_submission(cast: Cast) -> None:
    indicator = make_indicator(make_project("EV"), evidence_required=True)
    make_partnership(indicator.project, cast.a)
    period = make_period(indicator)
    with pytest.raises(ValidationError) as error:
        create(cast, total(1), indicator=indicator, period=period, submit=True)
    assert problems(error) == {"evidence": ["This indicator asks for evidence: add a file first."]}
    update = create(cast, total(1), indicator=indicator, period=period)
    with pytest.raises(ValidationError):
        submit_update(update=update, by=cast.bob)
