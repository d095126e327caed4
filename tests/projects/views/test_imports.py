"""Pages of imports: a file handed in, read by the worker, shown, decided, imported; strangers see none of it."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kmop.accounts.models import User
from kmop.shared.models import Job, JobState
from projects.choices import ImportState, ProjectRoleName
from projects.interop.workbook.template import write_template
from projects.models import ImportRun, Project, Result, Update
from tests.factories import make_dimension, make_project, make_role, make_user
from tests.fixtures_basement import RunJobs

pytestmark = pytest.mark.django_db

ACTIVITY = (
    '<iati-activities version="2.03"><iati-activity><iati-identifier>GR-1-P1</iati-identifier>'
    '<reporting-org ref="GR-1"><narrative>Alpha</narrative></reporting-org><title><narrative>%s</narrative></title>'
    '<result type="1"><title><narrative>R</narrative></title><indicator measure="1"><title><narrative>I</narrative>'
    '</title><period><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/><actual value="%s"/>'
    "</period></indicator></result></iati-activity></iati-activities>"
)


@pytest.fixture
def alice() -> User:
    """An M&E officer."""
    user = make_user("Alice")
    make_role(user, ProjectRoleName.ME_OFFICER, make_project("OLD"))
    return user


def upload(client: Client, content: str, name: str = "a.xml") -> Any:
    """Hand in a file."""
    return client.post(reverse("projects:imports"), {"file": SimpleUploadedFile(name, content.encode())})


def test_from_file_to_project(client: Client, alice: User, run_jobs: RunJobs) -> None:
    client.force_login(alice)
    answer = upload(client, ACTIVITY % ("T", "many"))
    run = ImportRun.objects.get()
    page = reverse("projects:import", args=[run.pk])
    assert (answer.status_code, answer.url, run.state) == (302, page, ImportState.READING)
    assert "hx-trigger" in client.get(page).content.decode()
    run_jobs()
    preview = client.get(page).content.decode()
    run.refresh_from_db()
    assert (run.state, run.counts["created"], Project.objects.filter(code="GR-1-P1").exists()) == ("preview", 1, False)
    assert "“many” is not a number: kept as text." in preview
    assert client.post(reverse("projects:import-confirm", args=[run.pk])).url == page
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.progress) == (ImportState.DONE, 100)
    assert Update.objects.get().started_by == alice
    project = Project.objects.get(code="GR-1-P1")
    assert f'<a href="/projects/{project.pk}/">GR-1-P1 T</a>' in client.get(page).content.decode()
    assert "a.xml" in client.get(reverse("projects:imports")).content.decode()


def test_what_differs_is_shown_and_updated_only_on_demand(client: Client, alice: User, run_jobs: RunJobs) -> None:
    client.force_login(alice)
    for title, number, options in (("T", "1", {}), ("U", "2", {}), ("U", "2", {"with_changes": "on"})):
        upload(client, ACTIVITY % (title, number))
        run_jobs()
        run = ImportRun.objects.order_by("created_at").last()
        assert run is not None
        shown = client.get(reverse("projects:import", args=[run.pk])).content.decode()
        assert ("/titles[und]/text" in shown) == (title == "U")
        client.post(reverse("projects:import-confirm", args=[run.pk]), options)
        run_jobs()
        run.refresh_from_db()
        assert run.state == ImportState.DONE
    assert Project.objects.get(code="GR-1-P1").titles == {"und": "U"}
    assert [each.revision for each in Update.objects.order_by("revision")] == [1, 2]


def test_a_refused_file_says_why(client: Client, alice: User, run_jobs: RunJobs) -> None:
    client.force_login(alice)
    upload(client, '<iati-activities version="1.03"/>')
    run_jobs()
    run = ImportRun.objects.get()
    page = client.get(reverse("projects:import", args=[run.pk])).content.decode()
    assert (run.state, "version 2.01, 2.02 or 2.03" in page) == (ImportState.FAILED, True)
    client.post(reverse("projects:import-confirm", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == ImportState.FAILED


@pytest.mark.parametrize("content, name", [("no xml", "a.xml"), ("", "a.xml"), (ACTIVITY, "a.xlsx"), ("a,b", "a.csv")])
def test_files_of_another_kind_are_refused_at_once(client: Client, alice: User, content: str, name: str) -> None:
    client.force_login(alice)
    assert (upload(client, content, name).status_code, ImportRun.objects.count()) == (422, 0)


def test_a_framework_for_a_project(client: Client, alice: User, run_jobs: RunJobs) -> None:
    make_dimension("sex", "female", "male")
    client.force_login(alice)
    project = Project.objects.get(code="OLD")
    address = reverse("projects:framework-import", args=[project.pk])
    assert client.get(address).status_code == 200
    out = io.BytesIO()
    write_template(out)
    answer = client.post(address, {"file": SimpleUploadedFile("f.xlsx", out.getvalue())})
    run_jobs()
    run = ImportRun.objects.get()
    assert (answer.url, run.state) == (reverse("projects:import", args=[run.pk]), ImportState.PREVIEW)
    assert (run.counts["results"], run.counts["new_indicators"], Result.objects.count()) == (1, 2, 0)
    client.post(reverse("projects:import-confirm", args=[run.pk]))
    run_jobs()
    assert Result.objects.get().project == project


def test_the_template_is_a_workbook(client: Client, alice: User) -> None:
    client.force_login(alice)
    answer = client.get(reverse("projects:framework-template"))
    assert answer.content[:2] == b"PK"
    assert answer["Content-Disposition"] == 'attachment; filename="kmop-framework-template.xlsx"'


def test_others_hand_in_nothing_and_see_nothing(client: Client, alice: User) -> None:
    client.force_login(alice)
    upload(client, ACTIVITY % ("T", "1"))
    run = ImportRun.objects.get()
    client.force_login(make_user("Dora"))
    assert client.get(reverse("projects:imports")).status_code == 403
    assert upload(client, ACTIVITY % ("T", "1")).status_code == 403
    assert client.get(reverse("projects:import", args=[run.pk])).status_code == 404
    assert client.post(reverse("projects:import-confirm", args=[run.pk])).status_code == 404
    old = Project.objects.get(code="OLD")
    assert client.get(reverse("projects:framework-import", args=[old.pk])).status_code == 404


def test_a_job_that_was_given_up_is_told(client: Client, alice: User, run_jobs: RunJobs) -> None:
    client.force_login(alice)
    upload(client, ACTIVITY % ("T", "1"))
    run = ImportRun.objects.get()
    Job.objects.update(state=JobState.FAILED, error="OSError files.py:1")
    page = client.get(reverse("projects:import", args=[run.pk])).content.decode()
    assert ("OSError files.py:1" in page, "hx-trigger" in page) == (True, False)
