"""Reports are asked for, made once in one snapshot, frozen, and kept with their checksums."""

import hashlib
import io
from datetime import date
from typing import Any

import openpyxl
import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils import timezone

from kmop.audit.models import Entry
from kmop.notifications.models import Notice
from kmop.shared import jobs
from kmop.shared.errors import NotAllowed, RuleBroken, Stale
from kmop.shared.models import Job, JobState
from reports.catalogue.frozen import from_json
from reports.catalogue.registry import report_of
from reports.choices import RunState
from reports.models import Run, RunFile
from reports.renderers.registry import renderer_of
from reports.services.runs import MAKE, ask_for_report, make_now, note_download, standing, try_again
from tests.factories import Cast, make_cast
from tests.factories_reports import make_run
from tests.fixtures_basement import RunJobs

pytestmark = pytest.mark.django_db
PROGRESS = "project-progress"


@pytest.fixture
def cast() -> Cast:
    """The cast."""
    return make_cast()


def ask(cast: Cast, **given: Any) -> Run:
    """Alice asks for the progress report of her project."""
    params = {"project": "STR-25", "as_of": "2026-11-24", **given.pop("params", {})}
    return ask_for_report(report=report_of(PROGRESS), params=params, by=given.pop("by", cast.alice), **given)


def content(file: RunFile) -> bytes:
    """The bytes of a file."""
    with file.file.open("rb") as source:
        return bytes(source.read())


def test_asking_keeps_the_order_and_owes_the_work(cast: Cast) -> None:
    run = ask(cast, formats=["pdf", "html"])

    assert (run.report, run.project, run.organisation, run.language) == (PROGRESS, cast.project, None, "en")
    assert run.params == {"as_of": "2026-11-24", "language": "en", "project": "STR-25"}
    assert (run.formats, run.state, run.asked_by) == (["pdf", "html"], RunState.QUEUED, cast.alice)
    assert run.job is not None
    assert (run.job.task, run.job.queue, run.job.args) == (MAKE, "reports", {"run_id": str(run.pk)})
    assert (standing(run).now, standing(run).percent) == ("queued", 0)
    entry = Entry.objects.get(object_id=str(run.pk))
    assert entry.action == "report.asked"


def test_a_made_run_holds_frozen_data_and_every_file_with_its_sum(cast: Cast, run_jobs: RunJobs) -> None:
    run = ask(cast)
    run_jobs()

    made = standing(run)
    assert (made.state, made.now, made.percent, made.version) == (RunState.DONE, "done", 100, 2)
    assert made.frozen_sha256 == hashlib.sha256(made.frozen.encode()).hexdigest()
    files = {file.format: file for file in made.files.all()}
    assert sorted(files) == ["html", "pdf", "xlsx"]
    for file in files.values():
        assert hashlib.sha256(content(file)).hexdigest() == file.sha256
        assert len(content(file)) == file.size
    assert files["pdf"].name == "STR-25 Project progress report 2026-11-24 en.pdf"
    assert made.renderer == "html-1 pdf-2 xlsx-1"


def test_the_files_are_what_they_say(cast: Cast, run_jobs: RunJobs) -> None:
    run = ask(cast)
    run_jobs()

    files = {file.format: content(file) for file in RunFile.objects.filter(run=run)}
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files["pdf"])).pages)
    assert Run.objects.get(pk=run.pk).frozen_sha256 in text
    assert openpyxl.load_workbook(io.BytesIO(files["xlsx"])).sheetnames[0] == "Summary"
    assert b"<title>Project STR-25</title>" in files["html"]


@pytest.mark.parametrize("name", ["html", "pdf", "xlsx"])
def test_made_again_from_the_frozen_data_the_bytes_are_the_same(cast: Cast, run_jobs: RunJobs, name: str) -> None:
    run = ask(cast, formats=[name], params={"language": "el"})
    run_jobs()

    kept = RunFile.objects.get(run=run)
    out = io.BytesIO()
    renderer_of(name).write(from_json(Run.objects.get(pk=run.pk).frozen), out)
    assert hashlib.sha256(out.getvalue()).hexdigest() == kept.sha256


def test_who_asked_is_told_and_the_trail_has_the_sums(cast: Cast, run_jobs: RunJobs) -> None:
    run = ask(cast, formats=["html"])
    run_jobs()

    notice = Notice.objects.get(user=cast.alice)
    assert (notice.kind, notice.link) == ("reports.report_ready", f"/reports/runs/{run.pk}/")
    assert list(Entry.objects.filter(object_id=str(run.pk)).order_by("position").values_list("action", flat=True)) == [
        "report.asked",
        "report.made",
    ]


def test_the_document_is_in_the_language_asked_for(cast: Cast, run_jobs: RunJobs) -> None:
    run = ask(cast, formats=["html"], params={"language": "el"})
    run_jobs()

    document = from_json(Run.objects.get(pk=run.pk).frozen)
    assert (document.language, document.title) == ("el", "Έργο STR-25")


def test_a_second_making_of_a_ready_run_changes_nothing(cast: Cast, run_jobs: RunJobs) -> None:
    run = ask(cast, formats=["html"])
    run_jobs()
    before = Run.objects.get(pk=run.pk).frozen

    Job.objects.filter(pk=run.job_id).update(state=JobState.QUEUED)
    assert run.job_id is not None
    assert jobs.run(run.job_id) == JobState.DONE

    after = Run.objects.get(pk=run.pk)
    assert (after.frozen, after.version, after.files.count()) == (before, 2, 1)


def test_a_worker_that_lost_its_claim_keeps_nothing(cast: Cast) -> None:
    run = ask(cast, formats=["html"])
    assert run.job_id is not None
    claim = jobs.take(run.job_id)
    assert claim is not None
    Job.objects.filter(pk=run.job_id).update(claim=claim.number + 1)

    with pytest.raises(Stale):
        jobs.find(MAKE).function(claim, run_id=str(run.pk))

    assert Run.objects.get(pk=run.pk).state == RunState.QUEUED
    assert RunFile.objects.count() == 0


@pytest.mark.parametrize(
    "params, field",
    [
        ({"project": ""}, "project"),
        ({"project": "NO-SUCH"}, "project"),
        ({"project": "99999999999999999999999"}, "project"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"language": "xx"}, "language"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_what_can_not_be_is_told_at_its_parameter(cast: Cast, params: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ask(cast, params=params)

    assert list(caught.value.message_dict) == [field]
    assert (Run.objects.count(), Job.objects.count()) == (0, 0)


@pytest.mark.parametrize("formats", [["odt"], ["pdf", "pdf"]])
def test_unknown_and_repeated_formats_are_refused(cast: Cast, formats: list[str]) -> None:
    with pytest.raises(ValidationError) as caught:
        ask(cast, formats=formats)

    assert caught.value.message_dict == {"formats": ["Name each format once; there are: html, pdf, xlsx."]}


def test_a_partner_makes_no_report_on_a_whole_project_and_knows_no_other(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        ask(cast, by=cast.bob)
    with pytest.raises(ValidationError):
        ask(cast, by=cast.carol)
    assert Run.objects.count() == 0


def test_a_project_may_be_named_by_its_id_and_the_day_is_today_without_one(cast: Cast) -> None:
    run = ask(cast, params={"project": str(cast.project.pk), "as_of": ""})

    assert run.params["project"] == "STR-25"
    assert date.fromisoformat(run.params["as_of"]) == timezone.localdate()


def test_what_failed_for_good_is_tried_again_by_who_asked(cast: Cast, run_jobs: RunJobs) -> None:
    run = ask(cast, formats=["html"])
    Run.objects.filter(pk=run.pk).update(report="no-more")
    Job.objects.filter(pk=run.job_id).update(tries=4)
    run_jobs(failing=True)
    assert standing(run).now == "failed"

    Run.objects.filter(pk=run.pk).update(report=PROGRESS)
    with pytest.raises(NotAllowed):
        try_again(run=standing(run), by=cast.bob)
    try_again(run=standing(run), by=cast.alice)
    run_jobs()

    assert standing(run).now == "done"
    with pytest.raises(RuleBroken):
        try_again(run=standing(run), by=cast.alice)


def test_a_run_without_a_job_is_not_tried_again(cast: Cast) -> None:
    with pytest.raises(RuleBroken):
        try_again(run=make_run(cast.alice, cast.project, state=RunState.QUEUED), by=cast.alice)


def test_made_here_and_now(cast: Cast) -> None:
    made = make_now(run=ask(cast, formats=["html"]))

    assert (made.now, made.percent, made.files.count()) == ("done", 100, 1)
    assert make_now(run=make_run(cast.alice, cast.project)).now == "done"


def test_a_download_is_remembered(cast: Cast, run_jobs: RunJobs) -> None:
    run = ask(cast, formats=["html"])
    run_jobs()
    file = RunFile.objects.select_related("run").get(run=run)

    note_download(file=file, by=cast.alice)
    with pytest.raises(NotAllowed):
        note_download(file=file, by=cast.carol)

    assert Entry.objects.filter(action="report.downloaded").count() == 1


def test_the_paths_are_made_of_ids(cast: Cast, run_jobs: RunJobs) -> None:
    run = ask(cast, formats=["html"])
    run_jobs()

    letters = str(run.pk).replace("-", "")
    path = RunFile.objects.get(run=run).file.name
    assert path == f"reports/{letters[:2]}/{letters}.html"
    assert default_storage.exists(path)
