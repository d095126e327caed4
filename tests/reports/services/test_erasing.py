"""An erasure takes a voice out of the reports that quote it: data and files, both hashes kept, figures as they were."""

import hashlib
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage

from beneficiaries.models import Feedback, Receipt
from beneficiaries.services import by_receipt, receipts
from beneficiaries.services.feedback import hand_over
from beneficiaries.services.receipts import new_slip
from kmop.audit.models import Entry
from kmop.shared.errors import Stale
from kmop.shared.jobs import enqueue
from kmop.shared.models import Job
from reports.catalogue import blocks as b
from reports.catalogue.erasing import quoted, without
from reports.catalogue.frozen import from_json
from reports.catalogue.registry import report_of
from reports.models import Run, RunErasure, RunFile, RunQuote
from reports.renderers.registry import renderer_of
from reports.services import erasing
from reports.services.runs import ask_for_report
from reports.services.verifying import verify_reports
from tests.factories import Cast, make_cast
from tests.factories_voices import RECEIVED, make_answered, make_need, make_round
from tests.fixtures_basement import RunJobs

pytestmark = pytest.mark.django_db
WORDS, OTHER = "Planted-7391 my boy was sick.", "The class is good."


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def message(cast: Cast) -> Feedback:
    """A quotable message with a receipt, beside another one and a ranked need."""
    make_round(cast.project, (make_need(cast.project), 60, 46))
    make_answered(cast.project, OTHER, may_quote=True, received_at=RECEIVED - timedelta(days=1))
    return make_answered(cast.project, WORDS, may_quote=True)


def receipt_of(feedback: Feedback) -> Receipt:
    slip = new_slip()
    receipts.issue(slip, feedback=feedback)
    return receipts.open_receipt(code=slip.code, pin=slip.pin)


def ask(cast: Cast, *formats: str) -> Run:
    params = {"project": "STR-25", "as_of": "2026-11-24"}
    return ask_for_report(report=report_of("project-progress"), params=params, formats=formats, by=cast.alice)


def words_of(run: Run) -> list[str]:
    document = from_json(Run.objects.get(pk=run.pk).frozen)
    voices = [block for block in b.walk(document.blocks) if isinstance(block, b.Voices)]
    return [one.text for block in voices for one in block.items]


def content(run: Run, name: str) -> bytes:
    with RunFile.objects.get(run=run, format=name).file.open("rb") as file:
        return bytes(file.read())


def sums(run: Run) -> dict[str, str]:
    return dict(RunFile.objects.filter(run=run).values_list("format", "sha256"))


def test_a_run_remembers_what_it_quotes(cast: Cast, message: Feedback, run_jobs: RunJobs) -> None:
    run = ask(cast, "html")
    run_jobs()
    assert set(RunQuote.objects.filter(run=run).values_list("feedback_id", flat=True)) == set(
        Feedback.objects.values_list("pk", flat=True)
    )


def test_the_erased_words_leave_data_and_files(
    cast: Cast, message: Feedback, run_jobs: RunJobs, django_capture_on_commit_callbacks: Any
) -> None:
    run = ask(cast, "html", "xlsx")
    run_jobs()
    before, files_before = Run.objects.get(pk=run.pk), sums(run)
    old_paths = list(RunFile.objects.filter(run=run).values_list("file", flat=True))

    by_receipt.erase(receipt=receipt_of(message))
    with django_capture_on_commit_callbacks(execute=True):
        run_jobs()

    after, files_after = Run.objects.get(pk=run.pk), sums(run)
    assert words_of(run) == ["This voice was erased.", OTHER]
    assert (b"Planted-7391" in content(run, "html"), "Planted-7391" in after.frozen) == (False, False)
    [row] = RunErasure.objects.filter(run=run)
    assert (row.frozen_before, row.frozen_after) == (before.frozen_sha256, after.frozen_sha256)
    assert row.files == [
        {"format": name, "sha256_before": files_before[name], "sha256_after": files_after[name]}
        for name in ("html", "xlsx")
    ]
    assert before.frozen_sha256 in after.frozen
    assert [default_storage.exists(path) for path in old_paths] == [False, False]
    assert verify_reports().broken == []


def test_figures_stay_and_made_again_the_bytes_are_the_same(cast: Cast, message: Feedback, run_jobs: RunJobs) -> None:
    run = ask(cast, "html")
    run_jobs()
    before = from_json(Run.objects.get(pk=run.pk).frozen)
    by_receipt.erase(receipt=receipt_of(message))
    run_jobs()
    kept = Run.objects.get(pk=run.pk)
    after = from_json(kept.frozen)
    assert (after.cover, after.meta, len(after.blocks)) == (before.cover, before.meta, len(before.blocks) + 1)
    assert [one for one in after.blocks if isinstance(one, b.Table | b.Figures)] == [
        one for one in before.blocks if isinstance(one, b.Table | b.Figures)
    ]
    out = io.BytesIO()
    renderer_of("html").write(after, out)
    assert hashlib.sha256(out.getvalue()).hexdigest() == sums(run)["html"]


def test_a_second_time_there_is_nothing_to_do(cast: Cast, message: Feedback, run_jobs: RunJobs) -> None:
    run = ask(cast, "html")
    run_jobs()
    pk = message.pk
    by_receipt.erase(receipt=receipt_of(message))
    run_jobs()
    once = (Run.objects.get(pk=run.pk).version, sums(run))
    enqueue(erasing.ERASE, feedback_id=str(pk))
    run_jobs()
    assert (Run.objects.get(pk=run.pk).version, sums(run)) == once
    assert (RunErasure.objects.count(), RunQuote.objects.count()) == (1, 1)


def test_a_message_that_no_run_quotes_owes_nothing(cast: Cast, message: Feedback) -> None:
    by_receipt.erase(receipt=receipt_of(message))
    assert Job.objects.filter(task=erasing.ERASE).count() == 0


def test_handing_over_takes_the_words_out_too(cast: Cast, message: Feedback, run_jobs: RunJobs) -> None:
    run = ask(cast, "html")
    run_jobs()
    hand_over(feedback=message, by=cast.alice)
    run_jobs()
    assert words_of(run) == ["This voice was erased.", OTHER]


def test_an_erasure_while_the_report_is_made_reaches_it(cast: Cast, message: Feedback, run_jobs: RunJobs) -> None:
    run = ask(cast, "html")
    gone = str(message.pk)
    run_jobs()
    RunQuote.objects.all().delete()
    Feedback.objects.filter(pk=message.pk).delete()
    erasing.remember_quotes(Run.objects.get(pk=run.pk), [gone])
    run_jobs()
    assert words_of(run) == ["This voice was erased.", OTHER]


def test_a_run_changed_meanwhile_is_left_to_the_next_try(cast: Cast, message: Feedback, run_jobs: RunJobs) -> None:
    run = ask(cast, "html")
    run_jobs()
    made = erasing._make_again(Run.objects.get(pk=run.pk), message.pk)
    Run.objects.filter(pk=run.pk).update(version=99)
    with pytest.raises(Stale):
        erasing._keep(made, message.pk)
    assert RunErasure.objects.count() == 0


def test_the_trail_has_hashes_and_no_word(cast: Cast, message: Feedback, run_jobs: RunJobs) -> None:
    run = ask(cast, "html")
    run_jobs()
    by_receipt.erase(receipt=receipt_of(message))
    run_jobs()
    entry = Entry.objects.get(action="report.voice_erased")
    assert (entry.object_id, "7391" in entry.content, str(message.pk) in entry.content) == (str(run.pk), False, False)
    assert Run.objects.get(pk=run.pk).frozen_sha256 in entry.content


def test_a_voice_inside_a_pair_is_found() -> None:
    meta = b.Meta("r", "s", "run", date(2026, 11, 24), datetime(2026, 11, 24, tzinfo=UTC))
    voices = b.Voices((b.Voice("Hers", source="1"), b.Voice("His", source="2")))
    document = b.Document("T", "en", meta, cover=(b.Pairs((), (voices,)),))
    left = without(document, {"1"}, day=date(2026, 11, 24), before="old")
    assert (quoted(document), quoted(left)) == ({"1", "2"}, {"2"})
    assert left.blocks == (b.Note("Voices erased on 24 Nov 2026: 1. Figures stay. SHA-256 of the data before: old."),)
