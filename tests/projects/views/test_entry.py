"""The pages on which a partner enters figures."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.models import User
from projects.choices import UpdateState
from projects.models import Dimension, Evidence, Indicator, LockException, Obligation, Update, UpdateValue
from projects.queries.entry_steps import StepState
from projects.services.updates import approve_update, return_update, revise_update
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_dimension,
    make_indicator,
    make_obligation,
    make_period,
    make_place,
    make_target,
    make_update,
)

pytestmark = pytest.mark.django_db
ENTER = "/enter/"
PDF = b"%PDF-1.4 one page"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def owe(cast: Cast, code: str, *, month: int = 1, **fields: Any) -> Obligation:
    """A further figure that A owes."""
    indicator = make_indicator(cast.project, code, **fields)
    return make_obligation(make_period(indicator, month), cast.a)


def gender() -> Dimension:
    return make_dimension("gender", "women", "men", "unsaid")


def band() -> Dimension:
    return make_dimension("band", "young", "old")


def crossed(cast: Cast, code: str = "1.2") -> Obligation:
    """A figure by gender and age band."""
    return owe(cast, code, dimensions=[gender(), band()])


def address(owed: Obligation) -> str:
    return f"/enter/figures/{owed.pk}/"


def typed(client: Client, owed: Obligation, **fields: Any) -> Any:
    """What the script sends while somebody types."""
    data = {"kind": "number", "version": 0, **fields}
    return client.post(address(owed), data, headers={"X-Autosave": "1"})


def kept(update: Update) -> dict[str, tuple[Decimal | None, Decimal | None, str]]:
    return {one.cell: (one.numerator, one.denominator, one.state) for one in UpdateValue.objects.filter(update=update)}


# ---------------------------------------------------------------- what is due
def test_what_is_due_stands_first_the_most_urgent_above(cast: Cast) -> None:
    make_obligation(cast.period, cast.a)
    later = owe(cast, "1.2", month=2)
    done = make_period(cast.indicator, 3)
    make_obligation(done, cast.a, update=make_update(done, cast.a, 3))
    page = as_user(cast.bob).get(ENTER)
    assert [(one["done"], one["total"]) for one in page.context["owed"]] == [(0, 1), (0, 1)]
    assert [one["url"] for one in page.context["owed"]][1] == address(later)
    assert [(one["done"], one["total"]) for one in page.context["done"]] == [(1, 1)]


def test_a_returned_figure_is_named(cast: Cast) -> None:
    make_obligation(cast.period, cast.a, update=make_update(cast.period, cast.a, 3, state=UpdateState.RETURNED))
    [row] = as_user(cast.bob).get(ENTER).context["owed"]
    assert str(row["badge"]) == "1 came back"


def test_nothing_due_says_so(cast: Cast) -> None:
    page = as_user(cast.bob).get(ENTER)
    assert "Nothing is due." in page.content.decode()


def test_due_words_name_the_day_and_the_distance(cast: Cast) -> None:
    due = timezone.localdate()
    make_obligation(cast.period, cast.a, due_on=due)
    [row] = as_user(cast.bob).get(ENTER).context["owed"]
    assert row["due"] == "Due today"


@pytest.mark.parametrize("left,said", [(1, "tomorrow"), (7, "in 7 days"), (-1, "yesterday"), (-9, "9 days ago")])
def test_due_words(cast: Cast, left: int, said: str) -> None:
    make_obligation(cast.period, cast.a, due_on=timezone.localdate() + (date(2026, 1, 2) - date(2026, 1, 1)) * left)
    [row] = as_user(cast.bob).get(ENTER).context["owed"]
    assert row["due"].endswith(said)


def test_the_address_of_a_period_leads_to_its_first_figure(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    assert client.get("/enter/2026-01/2026-01/").headers["Location"] == address(owed)
    assert client.get("/enter/2026-01/2026-01/?project=STR-25").headers["Location"] == address(owed)
    assert client.get("/enter/2026-01/2026-01/?project=OTH-25").headers["Location"] == ENTER
    assert client.get("/enter/2026-05/2026-05/").headers["Location"] == ENTER
    assert client.get("/enter/nothing/").headers["Location"] == ENTER


# ---------------------------------------------------------------- who
@pytest.mark.parametrize("who", ["carol", "dora"])
def test_carol_and_a_stranger_see_nothing_of_a(cast: Cast, who: str) -> None:
    owed = make_obligation(cast.period, cast.a)
    update = make_update(make_period(cast.indicator, 2), cast.a, 77, state=UpdateState.DRAFT)
    client = as_user(getattr(cast, who))
    assert client.get(address(owed)).status_code == 404
    assert client.post(address(owed), {"kind": "number", "n.": "5", "version": 0}).status_code == 404
    assert client.get(f"/updates/{update.pk}/").status_code == 404
    assert Update.objects.count() == 1


def test_carol_has_an_entry_page_of_her_own_without_a(cast: Cast) -> None:
    make_obligation(cast.period, cast.a)
    page = as_user(cast.carol).get(ENTER)
    assert (page.status_code, page.context["owed"]) == (200, [])


def test_an_officer_is_told_who_enters(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    page = as_user(cast.alice).get(address(owed))
    assert page.status_code == 403
    assert "Figures are entered by contributors" in page.content.decode()


def test_nobody_signed_in_goes_to_the_door(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    assert Client().get(address(owed)).headers["Location"] == f"/accounts/login/?next={address(owed)}"


# ---------------------------------------------------------------- the page
def test_the_page_shows_steps_matrix_and_last_values(cast: Cast) -> None:
    owed = crossed(cast)
    earlier = make_period(owed.indicator, 12, year=2025)
    make_update(earlier, cast.a, {"": 7, "band:young|gender:women": 4, "band:young|gender:men": 3})
    make_target(owed.indicator, 100)
    context = as_user(cast.bob).get(address(owed)).context
    breakdown = context["breakdown"]
    assert breakdown["is_matrix"] is True
    assert breakdown["heads"] == ["Young", "Old"]
    assert [row["label"] for row in breakdown["rows"]] == ["Women", "Men", "Unsaid"]
    cell = breakdown["rows"][0]["cells"][0]
    assert (cell["name"], cell["last"], cell["label"]) == (
        "n.band:young|gender:women",
        4,
        "Young, Women; last period 4",
    )
    assert (breakdown["rows"][0]["last_sum"], breakdown["sums"][0]["last"], breakdown["sums"][-1]["last"]) == (4, 7, 7)
    assert (context["course"]["before"], context["course"]["share"]) == ("7", Decimal("0.07"))
    assert [step["current"] for step in context["steps"]] == [True]


def test_one_dimension_lies_as_rows_and_parts_as_two_columns(cast: Cast) -> None:
    plain = owe(cast, "1.2", dimensions=[gender()])
    parts = owe(cast, "1.3", dimensions=[gender()], measure="percentage", across_partners="weighted_ratio")
    client = as_user(cast.bob)
    one = client.get(address(plain)).context["breakdown"]
    assert (one["is_matrix"], one["heads"], len(one["rows"]), len(one["sums"])) == (False, ["Number"], 3, 1)
    two = client.get(address(parts)).context
    assert two["breakdown"]["heads"] == ["How many", "Of how many"]
    assert [cell["name"] for cell in two["breakdown"]["rows"][0]["cells"]] == ["n.gender:women", "d.gender:women"]
    assert [cell["name"] for cell in two["single"]["cells"]] == ["n.", "d."]


def test_three_dimensions_cross_in_rows(cast: Cast) -> None:
    third = make_dimension("status", "refugee", "host")
    owed = owe(cast, "1.2", dimensions=[gender(), band(), third])
    breakdown = as_user(cast.bob).get(address(owed)).context["breakdown"]
    assert breakdown["heads"] == ["Young", "Old"]
    assert (len(breakdown["rows"]), breakdown["rows"][1]["label"]) == (6, "Refugee, Men")


def test_too_many_crossings_are_asked_for_apart(cast: Cast) -> None:
    wide = [make_dimension(code, *(f"{code}{at}" for at in range(21))) for code in ("p", "q")]
    owed = owe(cast, "1.2", dimensions=wide)
    breakdown = as_user(cast.bob).get(address(owed)).context["breakdown"]
    assert (breakdown["is_matrix"], len(breakdown["rows"]), breakdown["sums"]) == (False, 42, [])


def test_the_place_stands_in_the_name_of_the_step(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a, place=make_place("GR-I"))
    [step] = as_user(cast.bob).get(address(owed)).context["steps"]
    assert step["title"].startswith("Indicator 1.1, ")


def begun(cast: Cast, client: Client, code: str) -> Obligation:
    """A figure with a draft and a period before it."""
    owed = crossed(cast, code)
    typed(client, owed, **{"n.band:young|gender:men": "3"})
    make_update(make_period(owed.indicator, 12, year=2025), cast.a, {"": 2, "band:young|gender:men": 2})
    return owed


def test_the_page_costs_the_same_at_one_and_at_four_figures(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_user(cast.bob)
    owed = begun(cast, client, "2.0")
    client.get(address(owed))
    with django_assert_num_queries(STATEMENTS):
        client.get(address(owed))
    for number in range(1, 4):
        begun(cast, client, f"2.{number}")
    with django_assert_num_queries(STATEMENTS):
        client.get(address(owed))


STATEMENTS = 29


def test_what_is_due_costs_the_same_at_one_and_at_four(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_user(cast.bob)
    owe(cast, "2.0")
    client.get(ENTER)
    with django_assert_num_queries(DUE_STATEMENTS):
        client.get(ENTER)
    for number in range(1, 4):
        owe(cast, f"2.{number}", month=number + 1)
    with django_assert_num_queries(DUE_STATEMENTS):
        client.get(ENTER)


DUE_STATEMENTS = 9


# ---------------------------------------------------------------- saving
def test_a_number_is_saved_and_the_next_figure_opens(cast: Cast) -> None:
    owed, following = make_obligation(cast.period, cast.a), owe(cast, "1.2")
    sent = {"kind": "number", "n.": "1,302", "version": 0, "go": "next", "narrative": "In August"}
    answer = as_user(cast.bob).post(address(owed), sent)
    assert answer.headers["Location"] == address(following)
    update = Update.objects.get()
    assert (update.state, update.narrative, update.language, update.created_by) == (
        "draft",
        "In August",
        "en",
        cast.bob,
    )
    assert kept(update) == {"": (Decimal(1302), None, "reported")}


def test_nothing_typed_makes_no_draft(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    as_user(cast.bob).post(address(owed), {"kind": "number", "n.": "", "version": 0, "go": "next"})
    assert Update.objects.count() == 0


def test_nothing_changed_saves_nothing(cast: Cast) -> None:
    owed = crossed(cast)
    client = as_user(cast.bob)
    typed(client, owed, **{"n.band:young|gender:men": "3"})
    update = Update.objects.get()
    again = typed(client, owed, version=update.version, **{"n.band:young|gender:men": "3"})
    assert again.json()["version"] == update.version


def test_cells_give_the_total(cast: Cast) -> None:
    owed = crossed(cast)
    answer = typed(as_user(cast.bob), owed, **{"n.band:young|gender:men": "3", "n.band:old|gender:women": "4"})
    assert (answer.status_code, answer.json()["state"], answer.json()["is_ready"]) == (200, "filled", True)
    assert {cell: top for cell, (top, _bottom, _state) in kept(Update.objects.get()).items()} == {
        "": Decimal(7),
        "band:young|gender:men": Decimal(3),
        "band:old|gender:women": Decimal(4),
    }


def test_what_the_form_does_not_show_is_kept(cast: Cast) -> None:
    owed = crossed(cast)
    update = make_update(
        owed.period,
        cast.a,
        {"": 9, "gender:men": 5, "band:young|gender:men": "not_applicable"},
        state=UpdateState.DRAFT,
    )
    Obligation.objects.filter(pk=owed.pk).update(update=update)
    answer = typed(as_user(cast.bob), owed, version=1, **{"n.": "9", "n.band:old|gender:men": "4"})
    assert answer.status_code == 200
    assert {cell: top for cell, (top, _bottom, _state) in kept(update).items()} == {
        "": Decimal(9),
        "gender:men": Decimal(5),
        "band:young|gender:men": None,
        "band:old|gender:men": Decimal(4),
    }


def test_parts_of_a_ratio(cast: Cast) -> None:
    owed = owe(cast, "1.2", measure="percentage", across_partners="weighted_ratio")
    client = as_user(cast.bob)
    typed(client, owed, **{"n.": "80", "d.": "200"})
    assert kept(Update.objects.get()) == {"": (Decimal(80), Decimal(200), "reported")}
    wrong = typed(client, owed, version=1, **{"n.": "201", "d.": "200"})
    assert wrong.json()["errors"] == {"n.": ["The numerator is part of the denominator and can't be larger."]}
    over = typed(client, owed, version=1, **{"n.": "2", "d.": "0"})
    assert list(over.json()["errors"]) == ["d."]


def test_words_of_a_qualitative_indicator(cast: Cast) -> None:
    owed = owe(cast, "1.2", measure="qualitative", across_partners="none", across_time="latest")
    client = as_user(cast.bob)
    assert client.get(address(owed)).context["form"].kinds[0]["label"] == "An answer"
    typed(client, owed, text="The council voted for it.")
    assert UpdateValue.objects.get().text == "The council voted for it."


def test_not_applicable(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    answer = typed(client, owed, kind="not_applicable", **{"n.": "5"})
    assert answer.json()["state"] == "not_applicable"
    assert kept(Update.objects.get()) == {"": (None, None, "not_applicable")}
    assert client.get(address(owed)).context["form"]["kind"].value() == "not_applicable"


def test_not_counted_yet_asks_why_and_stays_a_draft(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    refused = client.post(address(owed), {"kind": "not_counted", "version": 0, "go": "next"})
    assert refused.status_code == 422
    assert "Say in a sentence why" in refused.content.decode()
    answer = typed(client, owed, kind="not_counted", narrative="The lists come on 5 December.")
    assert answer.json() | {"at": ""} == {
        "version": 1,
        "at": "",
        "warnings": [],
        "state": "not_counted",
        "is_ready": False,
    }
    assert client.get(address(owed)).context["form"]["kind"].value() == "not_counted"


def test_zero_is_a_number(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    assert typed(as_user(cast.bob), owed, **{"n.": "0"}).json()["state"] == "zero"


def test_what_is_no_number_is_told_at_its_cell_and_nothing_is_saved(cast: Cast) -> None:
    owed = crossed(cast)
    client = as_user(cast.bob)
    sent = {"kind": "number", "version": 0, "n.band:young|gender:men": "x3", "narrative": "kept here"}
    page = client.post(address(owed), sent)
    assert page.status_code == 422
    assert page.context["breakdown"]["problems"] == ["Young, Men: “x3” is not a number."]
    assert page.context["breakdown"]["rows"][1]["cells"][0]["value"] == "x3"
    assert "kept here" in page.content.decode()
    assert Update.objects.count() == 0


def test_parts_above_the_total_are_refused_with_the_input_kept(cast: Cast) -> None:
    owed = owe(cast, "1.2", dimensions=[gender()])
    sent = {"kind": "number", "version": 0, "n.": "3", "n.gender:men": "4"}
    page = as_user(cast.bob).post(address(owed), sent)
    assert page.status_code == 422
    assert page.context["single"]["cells"][0]["errors"] == [
        "The parts by gender add up to 4, more than the total of 3."
    ]


def test_a_jump_is_flagged_until_it_is_answered(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a, due_on=timezone.localdate())
    cast.period.due_on = None
    cast.period.save()
    make_update(make_period(cast.indicator, 12, year=2025), cast.a, 20)
    client = as_user(cast.bob)
    answer = typed(client, owed, **{"n.": "90"}).json()
    assert (answer["state"], answer["warnings"]) == ("to_check", ["90 differs much from 20 in the period before."])
    answered = typed(client, owed, version=1, flag_answer="Two classes ended together", **{"n.": "90"}).json()
    assert answered["state"] == "filled"


# ---------------------------------------------------------------- lost races
def test_a_lost_race_keeps_the_text_and_says_so(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    typed(client, owed, **{"n.": "5"})
    typed(client, owed, version=1, **{"n.": "6"})
    late = typed(client, owed, version=1, **{"n.": "7"})
    assert (late.status_code, late.json()["version"]) == (409, 2)
    page = client.post(address(owed), {"kind": "number", "version": 1, "n.": "7"})
    assert page.status_code == 409
    assert "What you typed is still here." in page.content.decode()
    assert (page.context["form"]["n."].value(), page.context["form"]["version"].value()) == ("7", "2")
    assert kept(Update.objects.get()) == {"": (Decimal(6), None, "reported")}


def test_two_first_drafts_at_once_are_a_lost_race(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    make_update(cast.period, cast.a, 5, state=UpdateState.DRAFT)
    assert typed(as_user(cast.bob), owed, **{"n.": "7"}).status_code == 409


def test_a_draft_deleted_meanwhile_is_a_lost_race(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    answer = typed(as_user(cast.bob), owed, version=3, **{"n.": "7"})
    assert (answer.status_code, answer.json()["version"]) == (409, 0)


# ---------------------------------------------------------------- sending
def test_one_figure_is_sent_as_soon_as_it_is_ready(cast: Cast) -> None:
    owed, following = make_obligation(cast.period, cast.a), owe(cast, "1.2")
    answer = as_user(cast.bob).post(address(owed), {"kind": "number", "version": 0, "n.": "5", "go": "send"})
    assert answer.headers["Location"] == address(following)
    assert Update.objects.get().state == "submitted"


def test_sending_nothing_is_refused_and_sending_without_the_file_keeps_the_draft(cast: Cast) -> None:
    owed = owe(cast, "1.2", evidence_required=True)
    client = as_user(cast.bob)
    empty = client.post(address(owed), {"kind": "number", "version": 0, "go": "send"})
    assert (empty.status_code, Update.objects.count()) == (422, 0)
    page = client.post(address(owed), {"kind": "number", "version": 0, "n.": "5", "go": "send"})
    assert page.status_code == 422
    assert "This indicator asks for evidence: add a file first." in page.content.decode()
    assert (Update.objects.get().state, page.context["form"]["version"].value()) == ("draft", "1")
    assert page.context["step"].state == StepState.FILE_MISSING


def test_all_that_is_ready_is_sent_together(cast: Cast) -> None:
    first, second, third = make_obligation(cast.period, cast.a), owe(cast, "1.2"), owe(cast, "1.3")
    client = as_user(cast.bob)
    typed(client, first, **{"n.": "5"})
    typed(client, third, kind="not_counted", narrative="Later")
    answer = client.post(address(second), {"kind": "number", "version": 0, "n.": "6", "go": "send_all"})
    assert answer.headers["Location"] == address(second)
    states = dict(Update.objects.values_list("indicator__code", "state"))
    assert states == {"1.1": "submitted", "1.2": "submitted", "1.3": "draft"}
    nothing = client.post(address(third), {"kind": "not_counted", "narrative": "Later", "version": 1, "go": "send_all"})
    assert nothing.status_code == 422


def test_the_last_one_sent_leads_back_to_what_is_due(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    answer = client.post(address(owed), {"kind": "number", "version": 0, "n.": "5", "go": "send_all"})
    assert answer.headers["Location"] == ENTER
    page = client.get(address(owed))
    assert "Sent to review." in page.content.decode()
    assert page.context["why_not"] == "All figures of this period are sent."


def test_a_sent_figure_is_not_changed(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    client.post(address(owed), {"kind": "number", "version": 0, "n.": "5", "go": "send"})
    update = Update.objects.get()
    page = client.post(address(owed), {"kind": "number", "version": update.version, "n.": "6"})
    assert page.status_code == 422
    assert "Only a draft or a returned update can be changed." in page.content.decode()


def test_a_returned_figure_shows_its_note_and_is_sent_again(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    client.post(address(owed), {"kind": "number", "version": 0, "n.": "5", "go": "send"})
    returned = return_update(update=Update.objects.get(), note="Count the men too", by=cast.alice)
    page = client.get(address(owed))
    assert "Count the men too" in page.content.decode()
    assert page.context["step"].state == StepState.RETURNED
    client.post(address(owed), {"kind": "number", "version": returned.version, "n.": "8", "go": "send"})
    assert Update.objects.get().state == "submitted"


def test_a_correction_is_entered_on_the_same_page(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    client.post(address(owed), {"kind": "number", "version": 0, "n.": "5", "go": "send"})
    approved = approve_update(update=Update.objects.get(), by=cast.alice)
    assert client.get(address(owed)).context["step"].state == StepState.APPROVED
    revise_update(update=approved, reason="Two were counted twice", by=cast.bob)
    page = client.get(address(owed))
    assert (page.context["step"].is_editable, page.context["form"]["n."].value()) == (True, "5")


def test_a_locked_period_says_so_until_it_is_opened_again(cast: Cast) -> None:
    cast.period.is_locked = True
    cast.period.save()
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    assert "This period is locked." in client.get(address(owed)).content.decode()
    assert client.post(address(owed), {"kind": "number", "version": 0, "n.": "5"}).status_code == 422
    LockException.objects.create(
        period=cast.period, organisation=cast.a, until=timezone.localdate(), reason="late", given_by=cast.alice
    )
    assert client.get(address(owed)).context["step"].is_editable is True


# ---------------------------------------------------------------- files
def pdf(name: str = "list.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def test_files_come_with_the_figure_and_can_be_taken_away(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    sent = {"kind": "number", "version": 0, "n.": "", "go": "file", "file": [pdf("one.pdf"), pdf("two.pdf")]}
    assert client.post(address(owed), sent).headers["Location"] == f"{address(owed)}#files"
    assert [one.name for one in client.get(address(owed)).context["evidence"]] == ["one.pdf", "two.pdf"]
    one = Evidence.objects.get(name="one.pdf")
    version = Update.objects.get().version
    client.post(address(owed), {"kind": "number", "version": version, "n.": "4", "go": f"remove:{one.pk}"})
    assert list(Evidence.objects.values_list("name", flat=True)) == ["two.pdf"]
    assert kept(Update.objects.get()) == {"": (Decimal(4), None, "reported")}


def test_a_file_that_is_not_what_it_says_is_refused_and_the_figure_stays(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    bad = SimpleUploadedFile("list.pdf", b"MZ program", content_type="application/pdf")
    page = as_user(cast.bob).post(address(owed), {"kind": "number", "version": 0, "n.": "4", "go": "file", "file": bad})
    assert page.status_code == 422
    assert "This type of file is not taken" in page.content.decode()
    assert kept(Update.objects.get()) == {"": (Decimal(4), None, "reported")}


# ---------------------------------------------------------------- what we sent, one update
def test_what_we_sent_lists_ones_own_with_the_note(cast: Cast) -> None:
    make_update(cast.period, cast.a, 5, state=UpdateState.RETURNED, note="Which town?")
    page = as_user(cast.bob).get("/enter/sent/")
    [row] = page.context["rows"]
    assert [str(cell.value) for cell in row.cells[:6]] == [
        "1.1 Indicator 1.1",
        "STR-25",
        "Jan 2026",
        "5",
        "Came back",
        "Which town?",
    ]
    assert page.context["rows"][0].url == reverse("projects:update", args=[Update.objects.get().pk])
    assert as_user(cast.carol).get("/enter/sent/").context["rows"] == []


def test_what_we_sent_is_narrowed(cast: Cast) -> None:
    make_update(cast.period, cast.a, 5)
    make_update(make_period(cast.indicator, 2), cast.a, 6, state=UpdateState.DRAFT)
    client = as_user(cast.bob)
    assert len(client.get("/enter/sent/", {"state": "draft"}).context["rows"]) == 1
    assert len(client.get("/enter/sent/", {"search": "1.1"}).context["rows"]) == 2
    assert len(client.get("/enter/sent/", {"search": "nothing"}).context["rows"]) == 0
    assert len(client.get("/enter/sent/", {"project": cast.project.pk}).context["rows"]) == 2
    told = b"".join(client.get("/enter/sent/", {"format": "csv"}).streaming_content).decode()  # type: ignore[attr-defined]
    assert told.count("\n") == 3


def test_what_we_sent_costs_the_same_at_one_and_at_four(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_user(cast.bob)
    make_update(cast.period, cast.a, 5)
    client.get("/enter/sent/")
    with django_assert_num_queries(SENT_STATEMENTS):
        client.get("/enter/sent/")
    for month in (2, 3, 4):
        make_update(make_period(cast.indicator, month), cast.a, month)
    with django_assert_num_queries(SENT_STATEMENTS):
        client.get("/enter/sent/")


SENT_STATEMENTS = 12


def test_one_update_is_read_with_its_acts(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    typed(client, owed, **{"n.": "5"})
    update = Update.objects.get()
    page = client.get(f"/updates/{update.pk}/")
    assert (page.context["total"], page.context["enter_url"]) == ("5", address(owed))
    assert "Delete the draft" in page.content.decode()
    assert client.post(f"/updates/{update.pk}/delete/").headers["Location"] == "/enter/sent/"
    assert Update.objects.count() == 0


def test_an_approved_update_is_corrected_with_a_reason(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    update = make_update(cast.period, cast.a, 5)
    Obligation.objects.update(update=update)
    client = as_user(cast.bob)
    silent = client.post(f"/updates/{update.pk}/", {"reason": ""})
    assert silent.status_code == 422
    answer = client.post(f"/updates/{update.pk}/", {"reason": "Two were counted twice"})
    assert answer.headers["Location"] == address(owed)
    assert Update.objects.get(revision=2).revision_reason == "Two were counted twice"
    assert client.post(f"/updates/{update.pk}/", {"reason": "again"}).status_code == 422


def test_a_correction_of_what_was_never_owed_leads_to_itself(cast: Cast) -> None:
    update = make_update(cast.period, cast.a, 5)
    answer = as_user(cast.bob).post(f"/updates/{update.pk}/", {"reason": "Two were counted twice"})
    revision = Update.objects.get(revision=2)
    assert answer.headers["Location"] == f"/updates/{revision.pk}/"


def test_an_officer_reads_it_and_may_not_correct_it(cast: Cast) -> None:
    update = make_update(cast.period, cast.a, 5)
    page = as_user(cast.alice).get(f"/updates/{update.pk}/")
    assert page.status_code == 200
    assert "This update belongs to another organisation." in page.content.decode()
    waiting = make_update(make_period(cast.indicator, 2), cast.a, 5, state=UpdateState.SUBMITTED)
    assert as_user(cast.alice).get(f"/updates/{waiting.pk}/").headers["Location"] == f"/review/{waiting.pk}/"


def test_a_viewer_of_the_partner_reads_and_changes_nothing(cast: Cast) -> None:
    cast.bob.memberships.update(role="viewer")
    owed = make_obligation(cast.period, cast.a)
    client = as_user(fresh(cast.bob))
    assert client.get(address(owed)).status_code == 403
    assert client.get(ENTER).status_code == 403


def test_greek_numbers_are_read_in_greek(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    cast.bob.language = "el"
    cast.bob.save()
    typed(as_user(cast.bob), owed, **{"n.": "1.302"})
    assert kept(Update.objects.get())[""][0] == Decimal(1302)
    assert isinstance(owed.indicator, Indicator)
