"""Project > Results: the theory of change with its tests, and unplanned change beside the targets."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kmop.accounts.models import User
from projects.choices import ResultLevel
from projects.models import Assumption, UnplannedChange
from tests.factories import Cast, make_cast, make_result
from tests.factories_parts import make_assumption, make_change

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(cast: Cast, path: str = "") -> str:
    return f"/projects/{cast.project.pk}/results/{path}"


def test_the_picture_and_the_list_say_the_same(cast: Cast) -> None:
    make_assumption(cast.project, outcome="holds", due_on=date(2026, 1, 5))
    make_assumption(cast.project, outcome="broken")
    make_result(cast.project, "1.1", level=ResultLevel.OUTPUT)
    page = as_user(cast.alice).get(url(cast, "theory/"))
    assert page.context["standing"] == "2 assumptions: 1 broken, 1 holds."
    assert page.context["picture"].count("c-mark") == 2
    assert "1 Holds" in page.context["picture"]
    assert [row.cells[0].value for row in page.context["rows"]] == [1, 2]
    assert str(page.context["rows"][0].cells[5].value) == "Overdue since 5 Jan 2026"
    for asked, found in (({"outcome": "broken"}, [2]), ({"overdue": "true"}, [1]), ({"overdue": "false"}, [2])):
        rows = as_user(cast.bob).get(url(cast, "theory/"), asked).context["rows"]
        assert [row.cells[0].value for row in rows] == found
    assert as_user(cast.bob).get(url(cast, "theory/")).context["rows"][0].url == ""


def test_without_assumptions_the_plan_stands_alone(cast: Cast) -> None:
    cast.project.results.update(assumptions="The law stays.")
    page = as_user(cast.alice).get(url(cast, "theory/"))
    assert page.context["standing"] == "No assumption is written down yet."
    assert [one["text"] for one in page.context["said"]] == ["The law stays."]
    cast.project.indicators.all().delete()
    cast.project.results.all().delete()
    assert as_user(cast.alice).get(url(cast, "theory/")).context["picture"] is None


def test_an_assumption_is_written_changed_and_tested(cast: Cast) -> None:
    client, outcome = as_user(cast.alice), make_result(cast.project)
    output = make_result(cast.project, "1.1", level=ResultLevel.OUTPUT)
    said = {"cause": output.pk, "effect": outcome.pk, "text": "Jobs exist", "owner": cast.bob.pk}
    assert client.get(url(cast, "theory/new/")).status_code == 200
    assert client.post(url(cast, "theory/new/"), {**said, "cause": outcome.pk, "effect": output.pk}).status_code == 422
    assert client.post(url(cast, "theory/new/"), said).status_code == 302
    row = Assumption.objects.get()
    path = f"theory/{row.pk}/"
    assert client.get(url(cast, path)).status_code == 200
    assert client.post(url(cast, path), {**said, "text": "Jobs exist near by", "version": 1}).status_code == 302
    found = {"outcome": "doubtful", "tested_on": "2026-05-01", "evidence": "3 of 9", "version": 2}
    assert as_user(cast.bob).get(url(cast, f"{path}test/")).status_code == 200
    assert as_user(cast.bob).post(url(cast, f"{path}test/"), {**found, "version": 1}).status_code == 422
    assert as_user(cast.bob).post(url(cast, f"{path}test/"), found).status_code == 302
    row.refresh_from_db()
    assert (row.text, row.outcome, row.evidence) == ("Jobs exist near by", "doubtful", "3 of 9")
    Assumption.objects.update(owner=None)
    assert as_user(cast.bob).get(url(cast, f"{path}test/")).status_code == 403
    for address in ("theory/new/", path):
        assert as_user(cast.bob).get(url(cast, address)).status_code == 403
    for address in ("theory/", "theory/new/", path, f"{path}test/"):
        assert as_user(cast.carol).get(url(cast, address)).status_code == 404
        assert as_user(cast.carol).post(url(cast, address), said).status_code in (404, 405)


def test_a_change_is_recorded_shown_and_corrected(cast: Cast) -> None:
    bob, result = as_user(cast.bob), make_result(cast.project)
    assert bob.get(url(cast, "changes/new/"), {"result": result.pk}).status_code == 200
    said = {
        "result": result.pk, "kind": "bad", "what": "The bus was cut", "noticed_by": "Parents",
        "noticed_on": "2026-02-01", "organisation": cast.a.pk,
    }  # fmt: skip
    pdf = SimpleUploadedFile("letter.pdf", b"%PDF-1.7 x")
    assert bob.post(url(cast, "changes/new/"), {**said, "noticed_on": "2099-01-01"}).status_code == 422
    assert bob.post(url(cast, "changes/new/"), {**said, "file": pdf}).status_code == 302
    row = UnplannedChange.objects.get()
    assert (row.organisation, row.recorded_by, row.file_name) == (cast.a, cast.bob, "letter.pdf")
    page = bob.get(url(cast)).content.decode()
    assert ("The bus was cut" in page, f"/unplanned-changes/{row.pk}/file/" in page) == (True, True)
    file = bob.get(f"/unplanned-changes/{row.pk}/file/")
    assert (b"".join(file.streaming_content), file["Content-Disposition"]) == (
        b"%PDF-1.7 x",
        'attachment; filename="letter.pdf"',
    )
    path = url(cast, f"changes/{row.pk}/")
    assert bob.get(path).status_code == 200
    assert bob.post(path, {**said, "what": "Opened again", "kind": "good", "version": 1}).status_code == 302
    row.refresh_from_db()
    assert (row.what, row.kind, row.file_name) == ("Opened again", "good", "letter.pdf")
    for user in (cast.carol, cast.dora):
        for address in (url(cast, "changes/"), url(cast, "changes/new/"), path, f"/unplanned-changes/{row.pk}/file/"):
            assert as_user(user).get(address).status_code == 404


def test_what_others_recorded_is_read_only(cast: Cast) -> None:
    officers = make_change(cast.project, link="https://example.org/x")
    make_change(cast.project, cast.a, kind="bad", noticed_on=date(2026, 2, 1))
    rows = as_user(cast.bob).get(url(cast, "changes/")).context["rows"]
    assert [row.url for row in rows][1] == "https://example.org/x"
    assert as_user(cast.bob).get(url(cast, f"changes/{officers.pk}/")).status_code == 403
    found = as_user(cast.alice).get(url(cast, "changes/"), {"kind": "bad"}).context["rows"]
    assert [row.source.kind for row in found] == ["bad"]
