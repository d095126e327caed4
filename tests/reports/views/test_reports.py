"""Pages of reports: catalogue, asking, progress, archive, files in whole and in part, schedules."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from kmop.audit.models import Entry
from kmop.shared.models import Job, JobState
from projects.choices import ProjectRoleName
from reports.catalogue.registry import report_of
from reports.models import Run, RunFile, Schedule
from reports.services.runs import ask_for_report, make_now
from tests.factories import Cast, make_cast, make_role, make_user
from tests.factories_reports import make_erasure, make_run
from tests.fixtures_basement import RunJobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """The cast."""
    return make_cast()


@pytest.fixture
def made(cast: Cast) -> RunFile:
    """The HTML file of Alice's progress report."""
    params = {"project": "STR-25", "as_of": "2026-11-24"}
    run = ask_for_report(report=report_of("project-progress"), params=params, formats=["html"], by=cast.alice)
    file: RunFile = make_now(run=run).files.get()
    return file


def as_user(user: User) -> Client:
    """A browser signed in."""
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    """The page with single spaces."""
    return " ".join(response.content.decode().split())


def body(response: Any) -> bytes:
    """The whole of a streamed answer, which closes it."""
    return b"".join(response.streaming_content)


def test_the_catalogue_tells_every_report_and_leads_to_its_making(cast: Cast) -> None:
    page = text(as_user(cast.alice).get("/reports/"))

    assert "Project progress report" in page
    assert "Partner performance report" in page
    assert 'href="/reports/make/project-progress/"' in page


def test_who_only_reads_is_told_why_she_makes_none(cast: Cast) -> None:
    funder = make_user("Fay")
    make_role(funder, ProjectRoleName.FUNDER_VIEWER, cast.project)

    page = text(as_user(funder).get("/reports/"))

    assert "Reports are made by managers, M&amp;E officers and partners." in page
    assert "/reports/make/" not in page
    assert as_user(funder).get("/reports/make/project-progress/").status_code == 403
    assert as_user(cast.dora).get("/reports/").status_code == 403
    assert Client().get("/reports/").status_code == 302


def test_asking_leads_to_the_progress_and_then_to_the_files(cast: Cast, run_jobs: RunJobs) -> None:
    client = as_user(cast.alice)
    form = text(client.get("/reports/make/project-progress/?project=STR-25"))
    assert '<option value="STR-25" selected>' in form

    answer = client.post(
        "/reports/make/project-progress/",
        {"project": "STR-25", "as_of": "2026-11-24", "language": "el", "formats": ["html"]},
    )
    run = Run.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/reports/runs/{run.pk}/")
    assert (run.formats, run.language) == (["html"], "el")

    waiting = text(client.get(answer.url))
    assert '<progress id="progress" max="100" value="0">' in waiting
    assert f'hx-get="/reports/runs/{run.pk}/"' in waiting
    Job.objects.filter(pk=run.job_id).update(progress=30, state=JobState.RUNNING)
    assert 'value="30"' in text(client.get(answer.url))
    Job.objects.filter(pk=run.job_id).update(state=JobState.QUEUED)
    run_jobs()

    ready = text(client.get(answer.url))
    assert "<progress" not in ready
    assert "hx-get" not in ready
    file = RunFile.objects.get(run=run)
    assert f'href="/reports/runs/{run.pk}/files/html/"' in ready
    assert file.sha256 in ready
    assert Run.objects.get(pk=run.pk).frozen_sha256 in ready


def test_what_is_wrong_stands_at_its_field(cast: Cast) -> None:
    client = as_user(cast.alice)

    empty = client.post("/reports/make/project-progress/", {"language": "en"})
    assert (empty.status_code, Run.objects.count()) == (422, 0)
    refused = as_user(cast.bob).post(
        "/reports/make/project-progress/", {"project": "STR-25", "language": "en", "formats": ["html"]}
    )
    assert refused.status_code == 422
    assert "A report on a project is made by its manager or M&amp;E officer." in text(refused)
    assert client.get("/reports/make/no-such/").status_code == 404


def test_the_form_offers_only_what_the_person_sees(cast: Cast) -> None:
    page = text(as_user(cast.carol).get("/reports/make/project-progress/"))

    assert "STR-25" not in page
    assert "OTH-25" in page


def test_carol_sees_nothing_of_bobs_reports(cast: Cast, made: RunFile) -> None:
    own = make_run(cast.bob, None, cast.a, report="partner-performance")
    client = as_user(cast.carol)

    archive = text(client.get("/reports/runs/"))

    assert "No report was made yet." in archive
    for run in (made.run, own):
        assert client.get(f"/reports/runs/{run.pk}/").status_code == 404
    assert client.get(f"/reports/runs/{made.run_id}/files/html/").status_code == 404
    exported = body(client.get("/reports/runs/?format=csv"))
    assert exported.count(b"\r\n") == 1


def test_the_archive_can_be_narrowed_and_taken_away(cast: Cast, made: RunFile) -> None:
    make_run(cast.alice, cast.project, cast.a, report="partner-performance")
    client = as_user(cast.alice)

    everything = text(client.get("/reports/runs/"))
    assert everything.count("<tr role") == 3
    narrowed = text(client.get("/reports/runs/?report=partner-performance&state=done"))
    assert "STR-25 A" in narrowed
    assert narrowed.count("<tr role") == 2
    exported = body(client.get("/reports/runs/?format=csv")).decode()
    assert made.run.frozen_sha256 in exported


def test_the_archive_asks_the_same_number_of_statements_however_long(cast: Cast) -> None:
    client = as_user(cast.alice)
    counts = []
    for number in (1, 3):
        for _each in range(number):
            make_run(cast.alice, cast.project)
        with CaptureQueriesContext(connection) as counted:
            assert client.get("/reports/runs/").status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_a_file_is_an_attachment_with_a_human_name(cast: Cast, made: RunFile) -> None:
    answer = as_user(cast.alice).get(f"/reports/runs/{made.run_id}/files/html/")

    assert len(body(answer)) == made.size == int(answer["Content-Length"])
    assert answer["Content-Disposition"] == 'attachment; filename="STR-25 Project progress report 2026-11-24 en.html"'
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert (answer["ETag"], answer["Accept-Ranges"]) == (f'"{made.sha256}"', "bytes")
    assert Entry.objects.filter(action="report.downloaded").count() == 1
    assert as_user(cast.alice).get(f"/reports/runs/{made.run_id}/files/pdf/").status_code == 404


@pytest.mark.parametrize(
    "asked, first, last",
    [("bytes=0-9", 0, 9), ("bytes=10-", 10, None), ("bytes=-7", -7, None), ("bytes=5-999999999", 5, None)],
)
def test_a_part_of_a_file(cast: Cast, made: RunFile, asked: str, first: int, last: int | None) -> None:
    client = as_user(cast.alice)
    whole = body(client.get(f"/reports/runs/{made.run_id}/files/html/"))

    answer = client.get(f"/reports/runs/{made.run_id}/files/html/", headers={"Range": asked})

    part = body(answer)
    assert answer.status_code == 206
    assert part == whole[first : None if last is None else last + 1]
    start = first if first >= 0 else made.size + first
    assert answer["Content-Range"] == f"bytes {start}-{start + len(part) - 1}/{made.size}"
    assert answer["Content-Length"] == str(len(part))
    assert Entry.objects.filter(action="report.downloaded").count() == 1


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0", "bytes=9-3"])
def test_a_part_that_is_not_there(cast: Cast, made: RunFile, asked: str) -> None:
    answer = as_user(cast.alice).get(f"/reports/runs/{made.run_id}/files/html/", headers={"Range": asked})

    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{made.size}")


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-1,4-5"},
        {"Range": "lines=1-2"},
        {"Range": "bytes=-"},
        {"Range": "bytes=0-1", "If-Range": '"x"'},
    ],
)
def test_what_is_no_range_of_this_file_gives_the_whole(cast: Cast, made: RunFile, headers: dict[str, str]) -> None:
    answer = as_user(cast.alice).get(f"/reports/runs/{made.run_id}/files/html/", headers=headers)

    assert (answer.status_code, len(body(answer))) == (200, made.size)


def test_who_has_the_file_already_gets_nothing_twice(cast: Cast, made: RunFile) -> None:
    client = as_user(cast.alice)
    url = f"/reports/runs/{made.run_id}/files/html/"

    assert client.get(url, headers={"If-None-Match": f'"{made.sha256}"'}).status_code == 304
    part = client.get(url, headers={"Range": "bytes=0-1", "If-Range": f'"{made.sha256}"'})
    assert (part.status_code, len(body(part))) == (206, 2)


def test_a_parked_making_is_tried_again_from_its_page(cast: Cast, run_jobs: RunJobs) -> None:
    params = {"project": "STR-25"}
    run = ask_for_report(report=report_of("project-progress"), params=params, formats=["html"], by=cast.alice)
    Job.objects.filter(pk=run.job_id).update(state=JobState.FAILED)
    client = as_user(cast.alice)
    assert "The report could not be made." in text(client.get(f"/reports/runs/{run.pk}/"))

    answer = client.post(f"/reports/runs/{run.pk}/again/")
    assert answer.url == f"/reports/runs/{run.pk}/"
    run_jobs()

    assert Run.objects.get(pk=run.pk).files.count() == 1
    assert as_user(cast.carol).post(f"/reports/runs/{run.pk}/again/").status_code == 404


def test_a_run_of_a_report_that_is_no_more_keeps_its_page(cast: Cast) -> None:
    run = make_run(cast.alice, cast.project, report="old-report")

    assert "STR-25 old-report" in text(as_user(cast.alice).get(f"/reports/runs/{run.pk}/"))


def test_a_report_is_scheduled_paused_and_goes_on(cast: Cast) -> None:
    client = as_user(cast.alice)
    assert "No report is scheduled." in text(client.get("/reports/schedules/"))

    answer = client.post(
        "/reports/schedules/new/project-progress/",
        {"project": "STR-25", "language": "en", "formats": ["pdf"], "every": "quarter", "next_on": "2026-12-31"},
    )
    schedule = Schedule.objects.get()
    assert (answer.url, schedule.next_on, schedule.every) == ("/reports/schedules/", date(2026, 12, 31), "quarter")
    page = text(client.get("/reports/schedules/"))
    assert ("STR-25" in page, "Every quarter" in page) == (True, True)

    client.post(f"/reports/schedules/{schedule.pk}/pause/")
    schedule.refresh_from_db()
    assert (schedule.is_active, "Paused" in text(client.get("/reports/schedules/"))) == (False, True)
    client.post(f"/reports/schedules/{schedule.pk}/pause/")
    schedule.refresh_from_db()
    assert schedule.is_active is True
    assert as_user(cast.bob).post(f"/reports/schedules/{schedule.pk}/pause/").status_code == 404
    assert "STR-25" not in text(as_user(cast.bob).get("/reports/schedules/"))


def test_the_schedule_of_a_report_that_is_no_more_is_named_by_its_code(cast: Cast) -> None:
    Schedule.objects.create(report="old-report", next_on=date(2026, 12, 1), owner=cast.alice)

    assert "old-report" in text(as_user(cast.alice).get(reverse("reports:schedules")))
    manager = make_user("Petra", PortalRole.PORTFOLIO_MANAGER)
    assert "old-report" in text(as_user(manager).get(reverse("reports:schedules")))


def test_the_page_of_a_run_says_what_was_erased_with_both_hashes(cast: Cast, made: RunFile) -> None:
    address = f"/reports/runs/{made.run_id}/"
    assert "Voices erased" not in text(as_user(cast.alice).get(address))
    make_erasure(made.run)
    page = text(as_user(cast.alice).get(address))
    assert [word in page for word in ("Voices erased", "a" * 64, "b" * 64, "c" * 64, "d" * 64)] == [True] * 5
    assert as_user(cast.carol).get(address).status_code == 404
