"""What is sensitive stays sealed: found nowhere else, opened by focal points only, for a reason that is kept."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from beneficiaries.models import Receipt, SensitiveOpening, SensitiveReport
from beneficiaries.services import by_receipt, receipts, sensitive
from beneficiaries.services.feedback import NewFeedback, Received, answer_feedback, hand_over, receive_feedback
from beneficiaries.services.sealing import key_id, seal, unseal
from kmop.accounts.choices import PortalRole
from kmop.accounts.services import service_account
from kmop.notifications.models import Notice
from kmop.shared.errors import NotAllowed, RuleBroken, Stale
from projects.models import Project
from tests.factories import Cast, make_cast, make_user

WORD = "Φωνή"
CANARY = "Κανάριος-7391-ψηλά"
pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    Project.objects.filter(pk=made.project.pk).update(is_published=True)
    return made


def planted(cast: Cast, **fields: Any) -> Received:
    content = NewFeedback(
        text=f"{WORD} {CANARY}", contact=f"Contact {CANARY}", is_sensitive=True, language="el", **fields
    )
    return receive_feedback(project=cast.project, content=content, by=service_account("public-form"))


def rows_of_everything() -> Iterator[str]:
    """Every row of every table, as a dump of the database would hold it."""
    for model in apps.get_models(include_auto_created=True):
        yield serializers.serialize("json", model._base_manager.all(), ensure_ascii=False)


def clues() -> list[str]:
    """The planted words, and how they look in bytes."""
    plain = CANARY.encode()
    return [CANARY, "7391", plain.hex(), base64.b64encode(plain).decode()[:12]]


def found_in(text: str) -> list[str]:
    return [clue for clue in clues() if clue in text]


# ---------------------------------------------------------------- sealing
def test_what_is_sealed_is_bound_to_its_row() -> None:
    one, other = SensitiveReport().pk, SensitiveReport().pk
    sealed = seal(one, {"text": CANARY})
    assert (unseal(one, memoryview(sealed)), CANARY.encode() in sealed) == ({"text": CANARY}, False)
    for row, content in ((other, sealed), (one, sealed[:-1] + b"x"), (one, b"")):
        with pytest.raises(RuleBroken) as caught:
            unseal(row, content)
        assert caught.value.code == "wrong_key"


def test_another_key_does_not_fit_and_has_another_name(cast: Cast, settings: Any) -> None:
    planted(cast)
    report, before = SensitiveReport.objects.get(), key_id()
    settings.SENSITIVE_KEY = "another key"
    with pytest.raises(RuleBroken) as caught:
        sensitive.open_report(report=report, reason="First look", by=cast.sofia)
    assert (caught.value.code, key_id() == before, report.key_id) == ("wrong_key", False, before)
    assert SensitiveOpening.objects.count() == 0


# ---------------------------------------------------------------- the canary
@pytest.mark.parametrize("door", ["marked", "handed over"])
def test_a_planted_text_is_found_nowhere(
    cast: Cast, door: str, apart: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str],
    run_jobs: Any,
) -> None:  # fmt: skip
    if door == "marked":
        planted(cast)
    else:
        content = NewFeedback(text=f"{WORD} {CANARY}", contact=CANARY, language="el")
        feedback = receive_feedback(project=cast.project, content=content, by=service_account("public-form")).feedback
        assert feedback is not None
        answer_feedback(feedback=feedback, text=f"Answer {CANARY}", by=cast.alice)
        hand_over(feedback=feedback, by=cast.alice)
    sensitive.open_report(report=SensitiveReport.objects.get(), reason="First look", by=cast.sofia)
    run_jobs()
    assert found_in("\n".join(rows_of_everything())) == []
    assert found_in("\n".join(pages(cast))) == []
    kept = [path for path in apart.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
    told = capfd.readouterr()
    assert (kept, found_in(caplog.text + told.out + told.err)) == ([], [])


def pages(cast: Cast) -> Iterator[str]:
    """What staff, partners and the public see, and what a focal point sees before she gives a reason."""
    manager = make_user("Maria", PortalRole.PORTFOLIO_MANAGER, PortalRole.PORTAL_ADMINISTRATOR)
    report = SensitiveReport.objects.get()
    addresses = [
        "/voices/", "/voices/?tab=all", f"/voices/?tab=all&search={WORD}", "/voices/?format=csv", "/notices/",
        f"/projects/{cast.project.pk}/voices/", "/p/STR-25/", "/api/v1/feedback/", "/administration/audit/",
    ]  # fmt: skip
    for user in (cast.alice, cast.bob, manager, None):
        client = Client()
        if user:
            client.force_login(user)
        for address in addresses:
            answer = client.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            yield body.decode()
    client = Client()
    client.force_login(cast.sofia)
    for address in ("/sensitive/", f"/sensitive/{report.pk}/"):
        yield client.get(address).content.decode()


def test_no_count_of_staff_moves(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.alice)
    before = client.get("/voices/").content
    planted(cast)
    csrf = b"csrfmiddlewaretoken"
    assert [line for line in client.get("/voices/").content.splitlines() if csrf not in line] == [
        line for line in before.splitlines() if csrf not in line
    ]


def test_only_focal_points_are_told_and_without_a_word(cast: Cast) -> None:
    planted(cast)
    assert list(Notice.objects.values_list("user__name", "kind", "params")) == [
        ("Sofia", "beneficiaries.protected", {})
    ]


# ---------------------------------------------------------------- opening, answering, closing
def test_an_opening_keeps_who_and_why(cast: Cast) -> None:
    planted(cast, sex="female")
    report = SensitiveReport.objects.get()
    opened = sensitive.open_report(report=report, reason=" First look ", by=cast.sofia)
    assert (opened.content["text"], opened.content["project"], opened.content["sex"]) == (
        f"{WORD} {CANARY}",
        "STR-25",
        "female",
    )
    first = opened.report.first_opened_at
    again = sensitive.open_report(report=report, reason="Second look", by=cast.sofia)
    assert (first is not None, again.report.first_opened_at) == (True, first)
    assert list(SensitiveOpening.objects.order_by("pk").values_list("by__name", "reason")) == [
        ("Sofia", "First look"),
        ("Sofia", "Second look"),
    ]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301, "a\x00"])
def test_without_a_good_reason_it_stays_shut(cast: Cast, reason: str) -> None:
    planted(cast)
    with pytest.raises(ValidationError):
        sensitive.open_report(report=SensitiveReport.objects.get(), reason=reason, by=cast.sofia)
    assert SensitiveOpening.objects.count() == 0


def test_nobody_else_opens_it(cast: Cast) -> None:
    planted(cast)
    report = SensitiveReport.objects.get()
    others = [
        cast.alice,
        cast.bob,
        cast.dora,
        make_user("Petra", *[one for one in PortalRole if "safeguarding" not in one]),
    ]
    for user in others:
        for act, more in (
            (sensitive.open_report, {}),
            (sensitive.answer_report, {"text": "Yes"}),
            (sensitive.close_report, {}),
        ):
            with pytest.raises(NotAllowed):
                act(report=report, reason="Curious", by=user, **more)  # type: ignore[operator]
        assert SensitiveReport.objects.visible_to(user).count() == 0
    assert SensitiveReport.objects.visible_to(cast.sofia).count() == 1


def test_the_person_reads_the_answer_and_writes_again(cast: Cast) -> None:
    received = planted(cast)
    report = SensitiveReport.objects.get()
    receipt = receipts.open_receipt(code=received.code, pin=received.pin)
    assert by_receipt.read_receipt(receipt=receipt).state == "new"
    sensitive.open_report(report=report, reason="First look", by=cast.sofia)
    receipt.refresh_from_db()
    assert by_receipt.read_receipt(receipt=receipt).state == "acknowledged"
    sensitive.answer_report(report=report, text="We help you.", reason="To answer", by=cast.sofia)
    sensitive.close_report(report=report, reason="Done", by=cast.sofia)
    receipt.refresh_from_db()
    by_receipt.reply(receipt=receipt, text="Thank you.")
    view = by_receipt.read_receipt(receipt=Receipt.objects.select_related("sensitive").get())
    assert [(one.sender, one.text) for one in view.messages] == [("staff", "We help you."), ("person", "Thank you.")]
    assert (view.state, view.project, view.promised_on) == ("answered", "", None)
    assert (SensitiveReport.objects.get().closed_at, Notice.objects.filter(user=cast.sofia).count()) == (None, 2)


def test_an_empty_answer_is_refused(cast: Cast) -> None:
    planted(cast)
    with pytest.raises(ValidationError):
        sensitive.answer_report(report=SensitiveReport.objects.get(), text=" ", reason="To answer", by=cast.sofia)


def test_what_is_taken_back_is_gone_for_good(cast: Cast) -> None:
    received = planted(cast)
    receipt = receipts.open_receipt(code=received.code, pin=received.pin)
    by_receipt.withdraw(receipt=receipt)
    opened = sensitive.open_report(report=SensitiveReport.objects.get(), reason="Look", by=cast.sofia)
    assert (opened.content["text"], opened.content["contact"], opened.report.closed_at is not None) == ("", "", True)
    receipt = Receipt.objects.select_related("sensitive").get()
    assert by_receipt.read_receipt(receipt=receipt).is_withdrawn is True
    with pytest.raises(RuleBroken):
        by_receipt.reply(receipt=receipt, text="Still there?")


def test_what_is_erased_leaves_nothing(cast: Cast) -> None:
    received = planted(cast)
    by_receipt.erase(receipt=receipts.open_receipt(code=received.code, pin=received.pin))
    assert (SensitiveReport.objects.count(), Receipt.objects.count()) == (0, 0)


def test_of_two_writers_the_second_is_told(cast: Cast) -> None:
    planted(cast)
    late = SensitiveReport.objects.get()
    sensitive.add_reply(SensitiveReport.objects.get(), "First")
    with pytest.raises(Stale):
        sensitive.add_reply(late, "Second")


def test_the_dump_looks_into_every_table(cast: Cast) -> None:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert set(connection.introspection.table_names()) - tables - {"django_migrations", "sqlite_sequence"} == set()
    assert settings.SENSITIVE_KEY != settings.SECRET_KEY
