"""`import_iati` and `import_framework` as scripts call them: one JSON object on stdout, and the exit code."""

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from projects.interop.workbook.template import write_template
from projects.models import Indicator, Project, Result, Update, UpdateValue
from tests.factories import make_dimension, make_project, make_user

pytestmark = pytest.mark.django_db

FILE = (
    '<iati-activities version="2.03"><iati-activity><iati-identifier>A-1</iati-identifier>'
    '<reporting-org ref="A"><narrative>A</narrative></reporting-org><title><narrative>%s</narrative></title>'
    "</iati-activity><iati-activity/></iati-activities>"
)


def call(*arguments: str) -> tuple[dict[str, Any], int]:
    """The command's JSON object and its exit code."""
    out, code = io.StringIO(), 0
    try:
        call_command(*arguments, "--json", stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found, code


def written(tmp_path: Path, content: str) -> str:
    """A file with this content."""
    path = tmp_path / "a.xml"
    path.write_text(content)
    return str(path)


def test_import_iati_answers_with_counts_errors_and_warnings(tmp_path: Path) -> None:
    answer, code = call("import_iati", written(tmp_path, FILE % "T"))
    errors = answer.pop("errors")
    assert (answer, code) == (
        {
            "activities": 1, "created": 1, "updated": 0, "unchanged": 0, "changed": 0, "results": 0, "indicators": 0,
            "periods": 0, "targets": 0, "actuals": 0, "transactions": 0, "budgets": 0, "organisations": 1,
            "warnings": [], "changes": [], "changes_unlisted": 0,
        },
        0,
    )  # fmt: skip
    assert [(each["line"], each["path"], each["code"]) for each in errors] == [
        (1, "/iati-activities/iati-activity[2]", "no-identifier")
    ]


def test_a_count_that_is_not_whole_is_kept_as_reported_and_told(tmp_path: Path) -> None:
    span = '<period-start iso-date="2025-01-01"/><period-end iso-date="2025-12-31"/><actual value="5.5"/>'
    counted = (
        '<result type="1"><title><narrative>R</narrative></title><indicator measure="1">'
        f"<title><narrative>I</narrative></title><period>{span}</period></indicator></result>"
    )
    answer, code = call(
        "import_iati", written(tmp_path, (FILE % "T").replace("</title></iati", f"</title>{counted}</iati", 1))
    )
    assert (answer["actuals"], [one["code"] for one in answer["warnings"]], code) == (1, ["not-whole"], 0)
    assert list(UpdateValue.objects.values_list("numerator", flat=True)) == [Decimal("5.5")]
    assert (Indicator.objects.get().measure, Indicator.objects.get().decimals) == ("count", 1)


def test_import_iati_again_changed_and_updated(tmp_path: Path) -> None:
    call("import_iati", written(tmp_path, FILE % "T"))
    left, left_code = call("import_iati", written(tmp_path, FILE % "U"))
    assert (left["changed"], left["activities"], left_code) == (1, 1, 0)
    assert left["changes"] == [{"identifier": "A-1", "path": "/titles[und]/text", "old": "T", "new": "U"}]
    would, _code = call("import_iati", written(tmp_path, FILE % "U"), "--update", "--dry-run")
    assert (would["updated"], Project.objects.get().titles) == (1, {"und": "T"})
    done, _code = call("import_iati", written(tmp_path, FILE % "U"), "--update")
    assert (done["updated"], Project.objects.get().titles) == (1, {"und": "U"})


def test_import_iati_refused_exits_with_1(tmp_path: Path) -> None:
    answer, code = call("import_iati", written(tmp_path, '<iati-activities version="1.04"/>'))
    assert (answer["activities"], [each["code"] for each in answer["errors"]], code) == (0, ["version"], 1)


@pytest.mark.parametrize("options", [["--by", "nobody@example.org"], ["--by", "nobody@example.org", "--json"]])
def test_import_iati_called_wrongly_exits_with_2(tmp_path: Path, options: list[str]) -> None:
    with pytest.raises(CommandError) as seen:
        call_command("import_iati", written(tmp_path, FILE), *options)
    assert seen.value.returncode == 2


def test_a_file_that_is_not_there_is_refused_with_1() -> None:
    with pytest.raises(CommandError) as seen:
        call_command("import_iati", "nowhere.xml")
    assert (seen.value.returncode, str(seen.value)) == (1, "There is no file nowhere.xml.")
    answer, code = call("import_iati", "nowhere.xml")
    assert code == 1
    assert answer == {
        "activities": 0, "created": 0, "updated": 0, "unchanged": 0, "changed": 0, "results": 0, "indicators": 0,
        "periods": 0, "targets": 0, "actuals": 0, "transactions": 0, "budgets": 0, "organisations": 0,
        "warnings": [], "changes": [], "changes_unlisted": 0,
        "errors": [{"line": 0, "path": "", "code": "no-file", "detail": "There is no file nowhere.xml."}],
    }  # fmt: skip


def test_import_iati_by_somebody_who_may_not_exits_with_1(tmp_path: Path) -> None:
    make_user("Dora")
    with pytest.raises(CommandError) as seen:
        call_command("import_iati", written(tmp_path, FILE % "T"), "--by", "dora@example.org")
    assert seen.value.returncode == 1
    answer, code = call("import_iati", written(tmp_path, FILE % "T"), "--by", "dora@example.org")
    assert (answer["activities"], [one["code"] for one in answer["errors"]], code) == (0, ["not_allowed"], 1)


def test_import_iati_in_words(tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("import_iati", written(tmp_path, FILE % "T"), stdout=out)
    said = out.getvalue().splitlines()
    assert said[:2] == ["activities: 1", "created: 1"]
    assert said[-1] == (
        "error, line 1: The activity has no identifier, so it can't be kept. [/iati-activities/iati-activity[2]]"
    )


def test_import_framework_from_its_own_template(tmp_path: Path) -> None:
    make_dimension("sex", "female", "male")
    make_project("P-1")
    path = str(tmp_path / "f.xlsx")
    call_command("import_framework", path, "--template", "--language", "el")
    would, code = call("import_framework", path, "--project", "P-1", "--dry-run")
    assert (would["results"], code, Result.objects.count()) == (1, 0, 0)
    done, code = call("import_framework", path, "--project", "P-1")
    assert (done, code) == (
        {"results": 1, "indicators": 2, "periods": 2, "targets": 4, "errors": [], "warnings": []},
        0,
    )


def test_import_framework_with_errors_exits_with_1(tmp_path: Path) -> None:
    make_project("P-1")
    path = tmp_path / "f.xlsx"
    with path.open("wb") as out:
        write_template(out)
    answer, code = call("import_framework", str(path), "--project", "P-1")
    assert code == 0
    path.write_bytes(b"no workbook")
    answer, code = call("import_framework", str(path), "--project", "P-1")
    assert (answer["errors"], code) == (
        [
            {
                "sheet": "", "row": 0, "column": "", "code": "not-a-workbook",
                "detail": "This is not an Excel workbook (.xlsx).",
            }
        ],
        1,
    )  # fmt: skip
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_framework", str(path), "--project", "P-1", stdout=out)
    assert out.getvalue().splitlines()[-1] == "error,  row 0, whole row: This is not an Excel workbook (.xlsx)."


@pytest.mark.parametrize("options", [[], ["--json"], ["--project", "P-1", "--by", "nobody@example.org"]])
def test_import_framework_called_wrongly_exits_with_2(tmp_path: Path, options: list[str]) -> None:
    make_project("P-1")
    with pytest.raises(CommandError) as seen:
        call_command("import_framework", written(tmp_path, "x"), *options)
    assert seen.value.returncode == 2
    assert Update.objects.count() == 0


@pytest.mark.parametrize(
    "file, project, told, detail",
    [
        ("nowhere.xlsx", "P-1", "no-file", "There is no file nowhere.xlsx."),
        ("{file}", "P-9", "no-project", "There is no project P-9."),
    ],
)
def test_a_workbook_or_project_that_is_not_there_is_refused_with_1(
    tmp_path: Path, file: str, project: str, told: str, detail: str
) -> None:
    path = file.format(file=written(tmp_path, "x"))
    with pytest.raises(CommandError) as seen:
        call_command("import_framework", path, "--project", project)
    assert (seen.value.returncode, str(seen.value)) == (1, detail)
    answer, code = call("import_framework", path, "--project", project)
    errors = [{"sheet": "", "row": 0, "column": "", "code": told, "detail": detail}]
    empty = {"results": 0, "indicators": 0, "periods": 0, "targets": 0, "warnings": []}
    assert (answer, code) == ({**empty, "errors": errors}, 1)
