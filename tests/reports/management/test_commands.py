"""`make_report` and `verify_reports`: the same acts for people at a shell and for scripts."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from kmop.shared.models import Job, JobState
from reports.models import Run, RunFile
from tests.factories import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """The cast."""
    return make_cast()


def said(*words: str) -> tuple[int, Any]:
    """The exit code, and what a command answers with `--json`."""
    out = io.StringIO()
    try:
        call_command(*words, "--json", stdout=out)
    except SystemExit as ending:
        return int(str(ending.code)), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_a_report_is_written_to_the_file_and_kept(cast: Cast, tmp_path: Path) -> None:
    target = tmp_path / "steria.html"

    code, told = said(
        "make_report", "project-progress", "--format", "html", "--out", str(target), "--param", "project=STR-25"
    )

    run = Run.objects.get()
    assert (code, sorted(told)) == (0, ["bytes", "file", "run", "seconds", "sha256"])
    assert (told["run"], told["file"], told["bytes"]) == (str(run.pk), str(target), target.stat().st_size)
    assert told["sha256"] == hashlib.sha256(target.read_bytes()).hexdigest() == RunFile.objects.get().sha256
    assert run.asked_by.name == "command-line"


def test_without_json_it_is_a_sentence(cast: Cast, tmp_path: Path) -> None:
    out = io.StringIO()
    target = str(tmp_path / "a.xlsx")

    call_command(
        "make_report", "partner-performance", format="xlsx", out=Path(target), param=[("organisation", "A")], stdout=out
    )

    assert out.getvalue().startswith(f"{target}: ")
    assert out.getvalue().endswith(f"run {Run.objects.get().pk}\n")


@pytest.mark.parametrize(
    "param, reasons",
    [
        ("project=NO-SUCH", ["project: There is no such one that you may see."]),
        ("as_of=2026-11-24", ["project: This is needed."]),
        ("colour=blue", ["colour: This report takes: project, as_of, language."]),
    ],
)
def test_what_is_refused_ends_with_1_and_its_reasons(
    cast: Cast, tmp_path: Path, param: str, reasons: list[str]
) -> None:
    target = str(tmp_path / "x.pdf")

    answer = said("make_report", "project-progress", "--format", "pdf", "--out", target, "--param", param)

    assert answer == (1, {"errors": reasons})
    assert not Path(target).exists()


def test_a_place_that_can_not_be_written_ends_with_1(cast: Cast, tmp_path: Path) -> None:
    target = str(tmp_path / "no" / "such" / "x.html")

    code, told = said(
        "make_report", "project-progress", "--format", "html", "--out", target, "--param", "project=STR-25"
    )

    assert (code, told) == (1, {"errors": [f"{target}: No such file or directory"]})


@pytest.mark.parametrize(
    "words",
    [
        ("no-such", "--format", "pdf", "--out", "x"),
        ("project-progress", "--format", "odt", "--out", "x"),
        ("project-progress", "--out", "x"),
        ("project-progress", "--format", "pdf", "--out", "x", "--param", "project"),
    ],
)
def test_a_wrong_call_is_told(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        call_command("make_report", *words)


def test_a_making_that_fails_ends_with_1(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.renderers.pdf.SECONDS", 0.0001)

    code, told = said(
        "make_report",
        "project-progress",
        "--format",
        "pdf",
        "--out",
        str(tmp_path / "x.pdf"),
        "--param",
        "project=STR-25",
    )

    assert code == 1
    assert told["errors"][0].startswith("TypesettingFailed")
    assert Job.objects.get(task="reports.tasks.make_run").state == JobState.QUEUED


def test_verify_reports_ends_with_1_where_a_file_differs(cast: Cast, tmp_path: Path) -> None:
    said(
        "make_report",
        "project-progress",
        "--format",
        "html",
        "--out",
        str(tmp_path / "x.html"),
        "--param",
        "project=STR-25",
    )
    assert said("verify_reports") == (0, {"runs": 1, "files": 1, "broken": []})

    kept = RunFile.objects.get()
    Path(kept.file.path).write_bytes(b"other")

    broken = [{"run": str(kept.run_id), "part": "html", "reason": "changed"}]
    assert said("verify_reports") == (1, {"runs": 1, "files": 1, "broken": broken})
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_reports", stdout=out)
    assert out.getvalue() == f"run {kept.run_id}: html changed\n1 runs, 1 files, 1 broken\n"
