"""Quality rules on updates: on a draft, when handed in, in sets; their settings, their answers, what is remembered."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kmop.shared.errors import NotAllowed, RuleBroken, Stale
from projects.choices import ProjectRoleName, UpdateState
from projects.models import Evidence, RaisedFlag, Update
from projects.services.approval import set_approval_steps, set_flag_rules
from projects.services.updates import (
    UpdateInput,
    ValueInput,
    answer_flag,
    approve_update,
    content_of,
    create_update,
    replace_update,
    return_update,
    revise_update,
    submit_update,
    submit_updates,
)
from projects.services.updates.quality import flags_of
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_indicator,
    make_member,
    make_partnership,
    make_period,
    make_role,
    make_target,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """January says 10, so that 90 in February is a jump."""
    cast = make_cast()
    make_update(cast.period, cast.a, 10)
    return cast


def says(number: int, **answers: str) -> UpdateInput:
    return UpdateInput(total=ValueInput(numerator=Decimal(number)), flag_answers=answers)


def create(cast: Cast, content: UpdateInput, *, month: int = 2, **fields: Any) -> Update:
    if "period" not in fields:
        fields["period"] = make_period(cast.indicator, month, due_on=None)
    return create_update(
        content=content, **{"indicator": cast.indicator, "organisation": cast.a, "by": cast.bob, **fields}
    )


def codes(flags: list[dict[str, Any]]) -> list[str]:
    return [one["code"] for one in flags]


def again(update: Update) -> Update:
    return Update.objects.get(pk=update.pk)


# ---------------------------------------------------------------- drafts
def test_a_draft_is_warned_as_it_is_saved(cast: Cast) -> None:
    draft = create(cast, says(90))
    assert (draft.state, codes(again(draft).flags), RaisedFlag.objects.count()) == (UpdateState.DRAFT, ["jump"], 0)
    calm = replace_update(update=draft, content=says(12), by=cast.bob)
    assert again(calm).flags == []


def test_what_another_partner_reported_is_not_told_to_a_draft(cast: Cast) -> None:
    february = make_period(cast.indicator, 2, due_on=None)
    make_update(february, cast.b, 12)
    draft = create(cast, says(12), period=february)
    assert again(draft).flags == []
    sent = submit_update(update=draft, by=cast.bob)
    assert sent.flags == [{"code": "double", "params": {"value": "12", "count": 1}, "cell": ""}]


def test_it_is_looked_at_when_the_partners_supervisor_let_it_go(cast: Cast) -> None:
    set_approval_steps(project=cast.project, steps=["partner_supervisor", "me_officer"], by=cast.alice)
    head = make_user("Head")
    make_member(head, cast.a, "partner_administrator")
    cast.indicator.refresh_from_db()
    february = make_period(cast.indicator, 2, due_on=None)
    make_update(february, cast.b, 12)
    sent = create(cast, says(12), period=february, submit=True)
    assert sent.flags == []
    approve_update(update=again(sent), by=head)
    assert codes(again(sent).flags) == ["double"]
    assert list(RaisedFlag.objects.values_list("code", flat=True)) == ["double"]


# ---------------------------------------------------------------- each rule in its surroundings
def test_a_target_that_one_partner_passes_early(cast: Cast) -> None:
    for month in range(3, 13):
        make_period(cast.indicator, month)
    make_target(cast.indicator, 100)
    make_target(cast.indicator, 22, organisation=cast.a)
    [flag] = create(cast, says(12), submit=True).flags
    assert flag == {
        "code": "target_passed_early",
        "params": {"value": "22", "target": "22", "percent": "16"},
        "cell": "",
    }


def test_evidence_is_missed_where_it_is_asked_for(cast: Cast) -> None:
    set_flag_rules(indicator=cast.indicator, rules={"evidence_missing": {"on": True}}, by=cast.alice)
    cast.indicator.refresh_from_db()
    draft = create(cast, says(12))
    assert codes(again(draft).flags) == ["evidence_missing"]
    Evidence.objects.create(update=draft, file="x", name="x", content_type="x", size=1, sha256="x", added_by=cast.bob)
    assert submit_update(update=draft, by=cast.bob).flags == []


def test_a_set_is_flagged_in_a_fixed_number_of_statements(cast: Cast) -> None:
    def cost(rows: list[Update]) -> int:
        with CaptureQueriesContext(connection) as seen:
            flags_of(rows, submitted_on=date(2026, 6, 1))
        return len(seen)

    rows = []
    for number in range(4):
        indicator = make_indicator(cast.project, f"2.{number}", flag_rules={"evidence_missing": {"on": True}})
        make_target(indicator, 40)
        rows += [make_update(make_period(indicator, month), cast.a, 12, state="draft") for month in (1, 2)]
    rows = list(Update.objects.filter(pk__in=[one.pk for one in rows]).select_related("indicator", "period"))
    assert cost(rows[:1]) == cost(rows) == 6


# ---------------------------------------------------------------- settings
def test_a_setting_is_kept_and_holds_from_the_next_figure_on(cast: Cast) -> None:
    row = set_flag_rules(indicator=cast.indicator, rules={"jump": {"share": Decimal("9.5")}, "late": {}}, by=cast.alice)
    assert (row.flag_rules, row.version) == ({"jump": {"share": "9.5"}}, 2)
    cast.indicator.refresh_from_db()
    assert create(cast, says(90), submit=True).flags == []
    set_flag_rules(indicator=cast.indicator, rules={}, expected_version=2, by=cast.alice)
    cast.indicator.refresh_from_db()
    assert codes(create(cast, says(90), month=3, submit=True).flags) == ["jump"]


def test_a_setting_that_makes_no_sense_is_refused_whole(cast: Cast) -> None:
    rules: dict[str, Any] = {"nonsense": {}, "jump": {"share": "1000", "limit": 1}, "late": {"on": "no"}}
    with pytest.raises(ValidationError) as error:
        set_flag_rules(indicator=cast.indicator, rules=rules, by=cast.alice)
    assert sorted(error.value.message_dict) == ["rules/jump/limit", "rules/jump/share", "rules/late", "rules/nonsense"]
    assert error.value.message_dict["rules/jump/share"] == ["Enter a number from 0.1 to 100."]
    cast.indicator.refresh_from_db()
    assert cast.indicator.flag_rules == {}


def test_settings_are_for_who_keeps_the_framework(cast: Cast) -> None:
    for user in (cast.bob, cast.carol, cast.dora):
        with pytest.raises(NotAllowed):
            set_flag_rules(indicator=cast.indicator, rules={}, by=user)
    with pytest.raises(Stale):
        set_flag_rules(indicator=cast.indicator, rules={}, expected_version=9, by=cast.alice)


# ---------------------------------------------------------------- answers
def test_a_partners_answer_closes_the_flag_and_stays_with_it(cast: Cast) -> None:
    sent = create(cast, says(90, jump=" Two classes ended. "), submit=True)
    row = again(sent)
    assert (codes(row.flags), codes(row.answered_flags)) == ([], ["jump"])
    [said] = row.flag_answers["jump"]
    assert (said["text"], said["by"]) == ("Two classes ended.", cast.bob.pk)
    assert RaisedFlag.objects.get().answered_at is not None


def test_the_same_answer_keeps_its_author_and_another_one_takes_its_place(cast: Cast) -> None:
    draft = create(cast, says(90, jump="Two classes ended."))
    first = again(draft).flag_answers["jump"]
    other = make_user("Other")
    make_member(other, cast.a)
    same = replace_update(update=draft, content=replace(content_of(draft), narrative="More."), by=other)
    assert same.flag_answers["jump"] == first
    changed = replace_update(update=same, content=says(90, jump="Three."), by=other)
    assert [one["by"] for one in changed.flag_answers["jump"]] == [other.pk]
    assert replace_update(update=changed, content=says(90), by=other).flag_answers == {}


@pytest.mark.parametrize(
    "answers, said",
    [({"nonsense": "x"}, "There is no such rule."), ({"jump": "x" * 1001}, "At most 1000 characters are taken.")],
)
def test_an_answer_names_a_rule_and_is_short(cast: Cast, answers: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError) as error:
        create(cast, says(90, **answers))
    [(path, messages)] = error.value.message_dict.items()
    assert (path, messages[0].startswith(said)) == (f"flag_answers/{next(iter(answers))}", True)


def test_an_officers_answer_closes_the_flag_too(cast: Cast) -> None:
    sent = create(cast, says(90), submit=True)
    row = answer_flag(update=sent, code="jump", text=" I called them. ", expected_version=2, by=cast.alice)
    assert (row.flags, codes(row.answered_flags), row.version) == ([], ["jump"], 3)
    assert again(row).flag_answers["jump"][0]["text"] == "I called them."
    assert RaisedFlag.objects.get().answered_at is not None
    twice = answer_flag(update=row, code="jump", text="And wrote.", by=cast.alice)
    assert [one["text"] for one in twice.flag_answers["jump"]] == ["I called them.", "And wrote."]


def test_an_answer_needs_words_a_flag_and_the_right(cast: Cast) -> None:
    sent = create(cast, says(90), submit=True)
    with pytest.raises(ValidationError) as error:
        answer_flag(update=sent, code="jump", text=" ", by=cast.alice)
    assert error.value.message_dict == {"text": ["Say in a sentence why it is right."]}
    with pytest.raises(ValidationError) as error:
        answer_flag(update=sent, code="late", text="x", by=cast.alice)
    assert error.value.message_dict == {"code": ["This update has no such flag."]}
    for user in (cast.bob, cast.carol, cast.dora):
        with pytest.raises(NotAllowed):
            answer_flag(update=sent, code="jump", text="x", by=user)
    with pytest.raises(Stale):
        answer_flag(update=sent, code="jump", text="x", expected_version=9, by=cast.alice)
    approve_update(update=again(sent), by=cast.alice)
    with pytest.raises(RuleBroken):
        answer_flag(update=again(sent), code="jump", text="x", by=cast.alice)


# ---------------------------------------------------------------- what is remembered
def remembered() -> list[tuple[int, int, str, bool]]:
    rows = RaisedFlag.objects.order_by("update", "round")
    return [(one.update_id, one.round, one.code, one.corrected_at is not None) for one in rows]


def test_a_figure_changed_after_it_came_back_marks_its_flags(cast: Cast) -> None:
    sent = create(cast, says(90), submit=True)
    back = return_update(update=sent, note="Really?", by=cast.alice)
    replace_update(update=back, content=replace(content_of(back), narrative="Yes."), by=cast.bob)
    assert remembered() == [(sent.pk, 1, "jump", False)]
    replace_update(update=again(back), content=says(80), submit=True, by=cast.bob)
    assert remembered() == [(sent.pk, 1, "jump", True), (sent.pk, 2, "jump", False)]


def test_a_figure_that_came_back_and_stood_marks_nothing(cast: Cast) -> None:
    sent = create(cast, says(90), submit=True)
    submit_update(update=return_update(update=sent, note="Really?", by=cast.alice), by=cast.bob)
    assert remembered() == [(sent.pk, 1, "jump", False), (sent.pk, 2, "jump", False)]


def test_an_approved_revision_marks_the_flags_of_what_it_revises(cast: Cast) -> None:
    first = approve_update(update=create(cast, says(90), submit=True), by=cast.alice)
    revision = revise_update(update=first, reason="Twice.", by=cast.bob)
    replace_update(update=revision, content=says(12), submit=True, by=cast.bob)
    assert remembered() == [(first.pk, 1, "jump", False)]
    approve_update(update=again(revision), by=cast.alice)
    assert remembered() == [(first.pk, 1, "jump", True)]


def test_handing_in_a_set_remembers_all_of_it(cast: Cast) -> None:
    make_role(cast.bob, ProjectRoleName.COMMUNITY_REPRESENTATIVE, cast.project)
    make_partnership(cast.project, cast.b)
    drafts = [create(cast, says(90), month=month) for month in (2, 3)]
    submit_updates(updates=[again(one) for one in drafts], by=fresh(cast.bob))
    assert [one[2:] for one in remembered()] == [("jump", False), ("jump", False)]
