"""Needs: recorded, ranked, answered, refused, confirmed by five, taken back; decisions; what is pushed down."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from beneficiaries.choices import NeedState, Outcome
from beneficiaries.models import Decision, Need, NeedConfirmation, NeedRank, NeedsRound
from beneficiaries.services import needs as services
from beneficiaries.services.needs import Ranked
from kmop.audit.models import Entry
from kmop.shared.errors import NotAllowed, RuleBroken, Stale
from projects.models import Project
from tests.factories import Cast, make_cast, make_indicator
from tests.factories_voices import make_activity, make_feedback, make_need

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 10)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def hold(cast: Cast, *ranks: Ranked, asked: int = 100, answering: int = 80) -> NeedsRound:
    return services.hold_round(
        project=cast.project, held_on=DAY, method="Stones", people_asked=asked, people_answering=answering,
        ranks=ranks, by=cast.alice,
    )  # fmt: skip


def pushed(cast: Cast) -> tuple[int, int, int, date | None, int]:
    row = Project.objects.get(pk=cast.project.pk)
    return row.people_asked, row.people_answered, row.people_met, row.people_round_on, row.needs_named


def said(way: str, *words: tuple[str, bool]) -> dict[str, Any]:
    return {"way": way, "voices": list(words)}


def five(is_so: bool = True) -> list[tuple[str, bool]]:
    return [(str(number), is_so) for number in range(5)]


# ---------------------------------------------------------------- recorded and ranked
def test_a_need_is_recorded_and_changed(cast: Cast) -> None:
    group = services.add_group(project=cast.project, titles={"en": "Mothers"}, size=40, by=cast.alice)
    need = services.record_need(
        project=cast.project, titles={"en": "Childcare"}, group=group, right="crc", by=cast.alice
    )
    services.change_need(
        need=need, changes={"titles": {"en": "Care"}, "duty_bearer": cast.a}, expected_version=1, by=cast.alice
    )
    need.refresh_from_db()
    assert (str(need), need.group, need.duty_bearer, need.state, need.version) == ("Care", group, cast.a, "voiced", 2)
    assert list(Entry.objects.order_by("position").values_list("action", flat=True)) == [
        "need.changed",
        "need.created",
        "need.changed",
    ]


def test_links_are_of_the_same_project_and_only_known_fields_change(cast: Cast) -> None:
    need, foreign = make_need(cast.project), make_activity(cast.other)
    for act in (
        lambda: services.record_need(project=cast.project, titles={"en": "X"}, activity=foreign, by=cast.alice),
        lambda: services.change_need(need=need, changes={"activity": foreign}, by=cast.alice),
        lambda: services.change_need(need=need, changes={"state": "met"}, by=cast.alice),
        lambda: services.record_need(project=cast.project, titles={"en": "X"}, state="met", by=cast.alice),
        lambda: services.answer_need(need=need, activity=foreign, by=cast.alice),
    ):
        with pytest.raises(ValidationError):
            act()
    with pytest.raises(Stale):
        services.change_need(need=need, changes={}, expected_version=7, by=cast.alice)


def test_a_round_ranks_by_first_places_confirms_from_five_and_is_pushed_down(cast: Cast) -> None:
    care, bus, shoes = (make_need(cast.project, one) for one in ("Care", "Bus", "Shoes"))
    held = hold(cast, Ranked(bus, 40, 30), Ranked(care, 60, 46), Ranked(shoes, 4, 4))
    assert list(NeedRank.objects.filter(round=held).values_list("need__titles__en", "rank")) == [
        ("Care", 1),
        ("Bus", 2),
        ("Shoes", 3),
    ]
    assert list(Need.objects.order_by("pk").values_list("state", "version")) == [
        ("confirmed", 2),
        ("confirmed", 2),
        ("voiced", 1),
    ]
    assert pushed(cast) == (100, 0, 0, DAY, 0)


@pytest.mark.parametrize(
    "people, first, asked, answering, field",
    [
        (10, 5, 10, 20, "people_answering"),
        (30, 5, 100, 20, "ranks"),
        (10, 15, 100, 20, "ranks"),
        (20, 21, 100, 20, "ranks"),
    ],
)
def test_people_are_not_more_than_answered(
    cast: Cast, people: int, first: int, asked: int, answering: int, field: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        hold(cast, Ranked(make_need(cast.project), people, first), asked=asked, answering=answering)
    assert (list(caught.value.error_dict), NeedsRound.objects.count()) == ([field], 0)


def test_a_need_stands_once_in_a_round_and_is_of_its_project(cast: Cast) -> None:
    need = make_need(cast.project)
    for ranks in ([Ranked(need, 5, 5), Ranked(need, 5, 5)], [Ranked(make_need(cast.other), 5, 5)]):
        with pytest.raises(ValidationError) as caught:
            hold(cast, *ranks)
        assert list(caught.value.error_dict) == ["ranks"]


# ---------------------------------------------------------------- answered, refused, met
def test_staff_answer_by_an_activity(cast: Cast) -> None:
    need, activity = make_need(cast.project), make_activity(cast.project)
    hold(cast, Ranked(need, 60, 50))
    need.refresh_from_db()
    with pytest.raises(RuleBroken) as caught:
        services.answer_need(need=need, by=cast.alice)
    assert caught.value.code == "activity_missing"
    services.answer_need(need=need, activity=activity, by=cast.alice)
    need.refresh_from_db()
    assert (need.state, need.activity, pushed(cast)) == ("answered", activity, (100, 50, 0, DAY, 1))


def test_a_refusal_has_its_reason_and_may_be_answered_later(cast: Cast) -> None:
    need = make_need(cast.project)
    with pytest.raises(ValidationError):
        services.refuse_need(need=need, reason=" ", by=cast.alice)
    services.refuse_need(need=need, reason=" The fund forbids it. ", by=cast.alice)
    assert (need.state, need.refused_because) == ("refused", "The fund forbids it.")
    services.answer_need(need=need, activity=make_activity(cast.project), by=cast.alice)
    assert (need.state, need.refused_because) == ("answered", "")


def test_only_five_people_make_a_need_met_and_may_take_it_back(cast: Cast) -> None:
    need = make_need(cast.project)
    hold(cast, Ranked(need, 60, 50))
    need.refresh_from_db()
    services.answer_need(need=need, activity=make_activity(cast.project), by=cast.alice)
    states = []
    for words in (five()[:4], five()[:4], five()[4:], [("2", False)], [("2", True)]):
        services.confirm_needs(need=need, by=cast.alice, **said("panel", *words))
        states.append((str(need.state), pushed(cast)[2]))
    assert states == [("answered", 0), ("answered", 0), ("met", 50), ("answered", 0), ("met", 50)]
    assert NeedConfirmation.objects.count() == 5
    services.answer_need(need=need, by=cast.alice)
    assert need.state == NeedState.MET


def test_without_an_activity_it_falls_back_to_confirmed(cast: Cast) -> None:
    need = make_need(cast.project, state=NeedState.CONFIRMED)
    for words in (five(), five(is_so=False)):
        services.confirm_needs(need=need, by=cast.alice, **said("round", *words))
    assert need.state == NeedState.CONFIRMED


def test_a_refused_need_is_not_met_by_words(cast: Cast) -> None:
    need = make_need(cast.project, state=NeedState.REFUSED)
    services.confirm_needs(need=need, by=cast.alice, **said("panel", *five()))
    assert need.state == NeedState.REFUSED


def test_a_person_is_kept_as_a_mark_and_the_way_is_known(cast: Cast) -> None:
    need = make_need(cast.project)
    services.confirm_needs(need=need, by=cast.alice, **said("panel", ("Amira", True), ("Amira", False)))
    row = NeedConfirmation.objects.get()
    assert ("Amira" in row.key, row.is_met) == (False, False)
    with pytest.raises(ValidationError):
        services.confirm_needs(need=need, by=cast.alice, **said("rumour", ("x", True)))


# ---------------------------------------------------------------- decisions
def decide(cast: Cast, **fields: Any) -> Decision:
    given = {"reason": "A firm gives them.", "outcome": Outcome.PARTLY, "you_said": {"en": "Shoes"}, **fields}
    return services.record_decision(project=cast.project, decided_on=DAY, by=cast.alice, **given)


def test_a_decision_names_the_very_thing_that_changed(cast: Cast) -> None:
    activity, need, row = make_activity(cast.project), make_need(cast.project), make_feedback(cast.project)
    made = decide(cast, activity=activity, need=need, feedback=row, people=190, we_changed={"en": "120 pairs"})
    kept = Decision.objects.get()
    assert (kept, kept.activity, kept.need, kept.feedback, kept.decided_by) == (made, activity, need, row, cast.alice)
    assert "Shoes" not in "".join(Entry.objects.values_list("content", flat=True))


@pytest.mark.parametrize("name", ["reason", "colour", "need"])
def test_a_decision_needs_its_reason_and_links_within_the_project(cast: Cast, name: str) -> None:
    wrong: dict[str, Any] = {"reason": "", "colour": "red", "need": make_need(cast.other)}
    with pytest.raises(ValidationError) as caught:
        decide(cast, **{name: wrong[name]})
    assert list(caught.value.error_dict) == [name]


def test_nobody_else_does_any_of_it(cast: Cast) -> None:
    need = make_need(cast.project)
    acts: list[Any] = [
        lambda by: services.add_group(project=cast.project, titles={"en": "X"}, by=by),
        lambda by: services.record_need(project=cast.project, titles={"en": "X"}, by=by),
        lambda by: services.change_need(need=need, changes={}, by=by),
        lambda by: services.hold_round(
            project=cast.project, held_on=DAY, method="x", people_asked=1, people_answering=1, ranks=[], by=by
        ),
        lambda by: services.answer_need(need=need, by=by),
        lambda by: services.refuse_need(need=need, reason="x", by=by),
        lambda by: services.confirm_needs(need=need, way="panel", voices=[], by=by),
        lambda by: services.record_decision(
            project=cast.project, outcome=Outcome.NO, reason="x", you_said={}, decided_on=DAY, by=by
        ),
    ]
    for act in acts:
        for user in (cast.bob, cast.carol, cast.dora, cast.sofia):
            with pytest.raises(NotAllowed):
                act(user)


# ---------------------------------------------------------------- the indicators that show it
def test_a_need_names_the_indicators_that_show_whether_it_is_answered(cast: Cast) -> None:
    need = services.record_need(project=cast.project, titles={"en": "Care"}, indicators=[cast.indicator], by=cast.alice)
    second = make_indicator(cast.project, "1.2")
    services.change_need(need=need, changes={"indicators": [second]}, by=cast.alice)
    assert list(need.indicators.all()) == [second]


def test_an_indicator_of_another_project_is_refused(cast: Cast) -> None:
    foreign = make_indicator(cast.other, "9.9")
    with pytest.raises(ValidationError) as told:
        services.record_need(project=cast.project, titles={"en": "Care"}, indicators=[foreign], by=cast.alice)
    assert told.value.message_dict == {"indicators": ["This belongs to another project."]}
