"""Saving a figure as a draft: numbers, parts, words, lost races and files."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from projects.choices import UpdateState
from projects.models import Evidence, Obligation, Update, UpdateValue
from tests.factories import (
    Cast,
    make_cast,
    make_obligation,
    make_period,
    make_update,
)
from tests.factories_entry import address, as_user, crossed, gender, kept, owe, typed

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 one page"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


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
        "questions": [],
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
    assert page.context["breakdowns"][0]["problems"] == ["Young, Men: “x3” is not a number."]
    assert page.context["breakdowns"][0]["rows"][1]["cells"][0]["value"] == "x3"
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


def test_what_stands_there_already_is_no_race(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    typed(client, owed, **{"n.": "5"})
    typed(client, owed, version=1, **{"n.": "6"})
    again = typed(client, owed, version=1, **{"n.": "6"})
    assert (again.status_code, again.json()["version"]) == (200, 2)


def test_two_first_drafts_at_once_are_a_lost_race(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    make_update(cast.period, cast.a, 5, state=UpdateState.DRAFT)
    assert typed(as_user(cast.bob), owed, **{"n.": "7"}).status_code == 409


def test_a_draft_deleted_meanwhile_is_a_lost_race(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    answer = typed(as_user(cast.bob), owed, version=3, **{"n.": "7"})
    assert (answer.status_code, answer.json()["version"]) == (409, 0)


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
