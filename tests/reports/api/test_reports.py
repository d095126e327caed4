"""`/reports/` and `/reports/runs/` as an outside system uses them."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kmop.accounts.models import User
from reports.models import Run, RunFile
from tests.api_client import Api, problem
from tests.factories import Cast, make_cast
from tests.factories_partners import token_of
from tests.factories_reports import make_erasure, make_run
from tests.fixtures_basement import RunJobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """The cast."""
    return make_cast()


def session(user: User) -> Api:
    """A browser session of a person."""
    api = Api()
    api.client.force_login(user)
    return api


def client_of(cast: Cast) -> Api:
    """The system of organisation A, which may make reports."""
    return Api(token_of(cast.a, "reports:write"))


ORDER = {"report": "partner-performance", "parameters": {"organisation": "A"}, "formats": ["html"]}


def test_the_catalogue_says_the_parameters_as_json_schema(cast: Cast) -> None:
    answer = client_of(cast).get("reports/").json()

    assert [report["code"] for report in answer["results"]] == ["partner-performance", "project-progress"]
    progress = answer["results"][1]
    assert progress["formats"] == ["html", "pdf", "xlsx"]
    assert progress["parameters"] == {
        "type": "object",
        "properties": {
            "project": {"type": ["string", "integer"], "title": "Project"},
            "as_of": {
                "type": "string",
                "format": "date",
                "title": "To this day",
                "description": "Without one: today.",
            },
            "language": {"type": "string", "enum": ["en", "el"]},
        },
        "required": ["project"],
        "additionalProperties": False,
    }


def test_a_report_is_asked_for_followed_and_taken(cast: Cast, run_jobs: RunJobs) -> None:
    api = client_of(cast)
    asked = api.post("reports/runs/", ORDER)

    assert asked.status_code == 202
    run = Run.objects.get()
    assert asked["Location"].endswith(f"/api/v1/reports/runs/{run.pk}/")
    told = asked.json()
    assert (told["id"], told["state"], told["progress"], told["files"]) == (str(run.pk), "queued", 0, [])
    run_jobs()

    answer = api.get(f"reports/runs/{run.pk}/")
    ready = answer.json()
    file = RunFile.objects.get()
    assert (ready["state"], ready["progress"], answer["ETag"]) == ("done", 100, '"2"')
    assert ready["files"] == [
        {
            "format": "html",
            "name": file.name,
            "url": f"http://testserver/api/v1/reports/runs/{run.pk}/files/html",
            "sha256": file.sha256,
            "bytes": file.size,
            "content_type": "text/html; charset=utf-8",
        }
    ]
    assert (ready["organisation_code"], ready["project_code"]) == ("A", None)
    assert [len(api.get(f"reports/runs/?files={one}").json()["results"]) for one in ("html", "pdf")] == [1, 0]
    taken = api.get(f"/api/v1/reports/runs/{run.pk}/files/html")
    assert len(b"".join(taken.streaming_content)) == file.size
    part = api.get(f"/api/v1/reports/runs/{run.pk}/files/html", Range="bytes=0-14")
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"\n<!doctype html")


def test_without_formats_all_are_made_and_an_empty_list_is_refused(cast: Cast) -> None:
    api = client_of(cast)

    assert api.post("reports/runs/", {**ORDER, "formats": []}).status_code == 422
    assert api.post("reports/runs/", {"report": ORDER["report"], "parameters": ORDER["parameters"]}).status_code == 202
    assert Run.objects.get().formats == ["html", "pdf", "xlsx"]


@pytest.mark.parametrize(
    "body, status, pointer",
    [
        ({}, 400, "/report"),
        ({"report": "partner-performance", "parameters": "all"}, 400, "/parameters"),
        ({"report": "no-such"}, 422, "/report"),
        ({**ORDER, "formats": ["odt"]}, 422, "/formats"),
        ({**ORDER, "parameters": {"organisation": "B"}}, 422, "/parameters/organisation"),
        ({**ORDER, "parameters": {"organisation": "A", "as_of": "soon"}}, 422, "/parameters/as_of"),
        ({**ORDER, "parameters": {"organisation": "A", "colour": "blue"}}, 422, "/parameters/colour"),
    ],
)
def test_what_is_wrong_is_pointed_at(cast: Cast, body: dict[str, Any], status: int, pointer: str) -> None:
    answer = client_of(cast).post("reports/runs/", body)

    assert answer.status_code == status
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert Run.objects.count() == 0


def test_a_rule_refuses_in_words(cast: Cast) -> None:
    body = problem(
        client_of(cast).post("reports/runs/", {"report": "project-progress", "parameters": {"project": "STR-25"}}),
        403,
        "not_allowed",
    )

    assert body["detail"] == "A report on a project is made by its manager or M&E officer."


def test_a_dry_run_keeps_nothing(cast: Cast) -> None:
    answer = client_of(cast).post("reports/runs/?dry_run=true", ORDER)

    assert (answer.status_code, answer.json()["id"], answer.json()["dry_run"]) == (200, None, True)
    assert Run.objects.count() == 0


def test_the_same_key_asks_once(cast: Cast) -> None:
    api = client_of(cast)

    first = api.post("reports/runs/", ORDER, Idempotency_Key="k")
    second = api.post("reports/runs/", ORDER, Idempotency_Key="k")

    assert (second["Idempotency-Replayed"], second.json()) == ("true", first.json())
    assert Run.objects.count() == 1


def test_carol_sees_nothing_of_as_reports(cast: Cast, run_jobs: RunJobs) -> None:
    client_of(cast).post("reports/runs/", ORDER)
    run_jobs()
    run = Run.objects.get()
    carol = session(cast.carol)

    assert carol.get("reports/runs/").json()["results"] == []
    problem(carol.get(f"reports/runs/{run.pk}/"), 404, "not_found")
    problem(carol.get(f"/api/v1/reports/runs/{run.pk}/files/html"), 404, "not_found")
    assert session(cast.dora).get("reports/").status_code == 403
    assert Api().get("reports/runs/").status_code == 401


def test_a_token_without_the_scope_makes_none(cast: Cast) -> None:
    api = Api(token_of(cast.a, "reports:read"))

    assert api.get("reports/").status_code == 200
    assert api.post("reports/runs/", ORDER).status_code == 403


def test_every_field_filters(cast: Cast) -> None:
    run = make_run(cast.alice, cast.project, frozen_sha256="a" * 64)
    make_run(cast.alice, cast.project, cast.a, report="partner-performance", language="el", state="queued")
    api = session(cast.alice)

    for query in (
        f"id={run.pk}",
        "report=project-progress",
        "state=done",
        "progress=100",
        "report_language=en",
        f"frozen_sha256={run.frozen_sha256}",
    ):
        found = api.get(f"reports/runs/?{query}").json()["results"]
        assert [each["id"] for each in found] == [str(run.pk)], query
    assert len(api.get("reports/runs/?project=STR-25").json()["results"]) == 2
    for query in ("language=el", "formats=html"):
        assert len(api.get(f"reports/runs/?{query}").json()["results"]) == 2, query
    for query in ("formats=ht", "formats=%22", "files=odt"):
        assert api.get(f"reports/runs/?{query}").json()["results"] == [], query
    assert len(api.get(f"reports/runs/?project={cast.project.pk}&organisation_code=A").json()["results"]) == 1


def test_the_list_asks_the_same_number_of_statements_however_long(cast: Cast) -> None:
    api = session(cast.alice)
    counts = []
    for _each in (1, 2):
        for _more in range(3):
            make_run(cast.alice, cast.project)
        with CaptureQueriesContext(connection) as counted:
            assert api.get("reports/runs/").status_code == 200
        counts.append(len(counted))

    assert counts[0] == counts[1]


def test_a_file_that_was_not_asked_for_is_not_there(cast: Cast) -> None:
    run = make_run(cast.alice, cast.project)

    problem(session(cast.alice).get(f"/api/v1/reports/runs/{run.pk}/files/pdf"), 404, "not_found")


def test_a_run_says_what_was_erased_with_both_hashes(cast: Cast) -> None:
    run = make_run(cast.bob, organisation=cast.a)
    make_erasure(run)
    assert session(cast.bob).get(f"reports/runs/{run.pk}/").json()["erasures"] == [
        {
            "at": "2026-11-24T10:00:00Z",
            "frozen_sha256_before": "a" * 64,
            "frozen_sha256_after": "b" * 64,
            "files": [{"format": "html", "sha256_before": "c" * 64, "sha256_after": "d" * 64}],
        }
    ]
