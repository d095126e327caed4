"""`/updates/{id}/evidence/`: files go in, are served by the rule, and go."""

import hashlib

import pytest

from kmop.audit.models import Entry
from projects.models import Evidence, Update
from tests.api_client import Api, counted, problem, signed_in
from tests.factories import Cast, make_cast, make_update
from tests.factories_partners import token_of

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n%the list of participants\n"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(token_of(cast.a, "updates:write"))


@pytest.fixture
def row(cast: Cast) -> Update:
    return make_update(cast.period, cast.a, 5, state="draft")


@pytest.fixture
def path(row: Update) -> str:
    return f"updates/{row.pk}/evidence/"


def test_a_file_goes_in_and_comes_out_as_it_was(api: Api, row: Update, path: str) -> None:
    made = api.upload(path, "λίστα.pdf", PDF)
    assert made.status_code == 201, made.content
    told = made.json()
    sha256 = hashlib.sha256(PDF).hexdigest()
    assert (told["name"], told["content_type"], told["size"], told["sha256"]) == (
        "λίστα.pdf", "application/pdf", len(PDF), sha256,
    )  # fmt: skip
    assert made["ETag"] == '"2"'
    assert made["Location"] == told["url"]
    file = api.get(told["url"].removeprefix("http://testserver"))
    assert (b"".join(file.streaming_content), file["Content-Type"], file["ETag"]) == (PDF, "application/pdf", '"2"')
    assert file["Content-Disposition"] == "attachment; filename*=utf-8''%CE%BB%CE%AF%CF%83%CF%84%CE%B1.pdf"
    assert file["X-Content-Type-Options"] == "nosniff"
    assert api.get(path).json() == {"next": None, "previous": None, "results": [told]}
    assert api.get(f"updates/{row.pk}/").json()["evidence"] == [told]


def test_the_same_file_with_the_same_key_is_kept_once(api: Api, path: str) -> None:
    first = api.upload(path, "list.pdf", PDF, Idempotency_Key="k")
    again = api.upload(path, "list.pdf", PDF, Idempotency_Key="k")
    assert (again.status_code, again.json(), again["Idempotency-Replayed"]) == (201, first.json(), "true")
    problem(api.upload(path, "list.pdf", PDF + b"x", Idempotency_Key="k"), 422, "key_used")
    assert Evidence.objects.count() == 1


def test_what_is_no_file_or_of_no_allowed_kind_is_refused(api: Api, path: str) -> None:
    problem(api.post(path, {"file": "x"}), 415, "unsupported_media_type")
    problem(api.client.post(f"/api/v1/{path}", {"other": "x"}, headers=api.headers), 400, "invalid")
    problem(api.upload(path, "run.exe", b"MZ"), 422, "type")
    problem(api.upload(path, "list.pdf", b"no pdf"), 422, "type")
    problem(api.upload(path, "list.pdf", b""), 400, "empty")
    problem(api.upload(path, "list.pdf", b"%PDF" + b"x" * (26 * 1024 * 1024)), 413, "too_large")
    assert Evidence.objects.count() == 0


def test_a_dry_run_keeps_no_row(api: Api, row: Update, path: str) -> None:
    dry = api.upload(f"{path}?dry_run=true", "list.pdf", PDF)
    assert (dry.status_code, dry.json()["dry_run"], Evidence.objects.count()) == (200, True, 0)
    row.refresh_from_db()
    assert row.version == 1


def test_one_file_goes_with_the_version_of_its_update(api: Api, path: str) -> None:
    one = api.upload(path, "one.pdf", PDF).json()
    api.upload(path, "two.pdf", PDF)
    file = f"{path}{one['id']}/"
    problem(api.delete(file), 428, "if_match_required")
    problem(api.delete(file, If_Match='"2"'), 412, "stale")
    assert api.delete(file, If_Match='"3"').status_code == 204
    assert [each["name"] for each in api.get(path).json()["results"]] == ["two.pdf"]
    problem(api.delete(file, If_Match="*"), 404, "not_found")


@pytest.mark.parametrize("number", [1, 4])
def test_all_files_go_at_once(api: Api, row: Update, path: str, number: int) -> None:
    for count in range(number):
        api.upload(path, f"{count}.pdf", PDF)
    problem(api.delete(path), 428, "if_match_required")
    statements, answer = counted(lambda: api.delete(path, If_Match=f'"{number + 1}"'))
    assert (statements, answer.status_code, Evidence.objects.count()) == (CLEAR, 204, 0)
    assert Entry.objects.filter(action="evidence.removed", object_id=str(row.pk)).count() == 1


CLEAR, LIST = 18, 4


def test_what_is_handed_in_keeps_its_files(cast: Cast, api: Api, row: Update, path: str) -> None:
    one = api.upload(path, "one.pdf", PDF).json()
    Update.objects.update(state="submitted")
    problem(api.upload(path, "two.pdf", PDF), 409, "wrong_state")
    problem(api.delete(f"{path}{one['id']}/", If_Match='"2"'), 409, "wrong_state")
    problem(api.delete(path, If_Match='"2"'), 409, "wrong_state")
    officer = signed_in(cast.alice)
    assert b"".join(officer.get(f"{path}{one['id']}/").streaming_content) == PDF
    problem(officer.upload(path, "two.pdf", PDF), 403, "not_allowed")
    problem(officer.delete(path, If_Match='"2"'), 403, "not_allowed")


def test_carol_sees_nothing_of_a(cast: Cast, api: Api, path: str) -> None:
    one = api.upload(path, "one.pdf", PDF).json()
    carol = Api(token_of(cast.b, "updates:write"))
    problem(carol.get(path), 404, "not_found")
    problem(carol.get(f"{path}{one['id']}/"), 404, "not_found")
    problem(carol.get(f"{path}?format=csv"), 404, "not_found")
    problem(carol.upload(path, "two.pdf", PDF), 404, "not_found")
    problem(carol.delete(path, If_Match='"2"'), 404, "not_found")
    problem(carol.delete(f"{path}{one['id']}/", If_Match='"2"'), 404, "not_found")
    assert Evidence.objects.count() == 1


def test_a_file_is_found_below_its_own_update_only(cast: Cast, api: Api, path: str) -> None:
    one = api.upload(path, "one.pdf", PDF).json()
    problem(api.get(f"updates/99/evidence/{one['id']}/"), 404, "not_found")
    problem(api.get(f"{path}nonsense/"), 404, "not_found")


@pytest.mark.parametrize("name", ["id", "name", "content_type", "size", "sha256", "added_at"])
def test_every_field_can_be_filtered(api: Api, path: str, name: str) -> None:
    made = api.upload(path, "one.pdf", PDF).json()
    api.upload(path, "two.txt", b"words")
    found = api.get(f"{path}?{name}={made[name]}").json()["results"]
    assert [one["id"] for one in found] == [made["id"]]


@pytest.mark.parametrize("number", [1, 4])
def test_the_list_has_a_fixed_number_of_statements(api: Api, path: str, number: int) -> None:
    for count in range(number):
        api.upload(path, f"{count}.pdf", PDF)
    statements, answer = counted(lambda: api.get(path))
    assert (statements, len(answer.json()["results"])) == (LIST, number)
