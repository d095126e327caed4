"""`/organisations/`: the directory; an organisation writes about itself."""

import pytest

from partners.choices import MembershipRole
from tests.api_client import Api, problem
from tests.factories_partners import member, organisation, token_of

pytestmark = pytest.mark.django_db


def test_kmop_sees_all_and_a_partner_itself_and_kmop() -> None:
    kmop, ours, theirs = organisation("KMOP"), organisation("A"), organisation("B")

    def codes(token: str) -> list[str]:
        return [row["code"] for row in Api(token).get("organisations/?ordering=code").json()["results"]]

    assert codes(token_of(kmop)) == ["A", "B", "KMOP"]
    assert codes(token_of(ours)) == ["A", "KMOP"]
    problem(Api(token_of(ours)).get(f"organisations/{theirs.pk}/"), 404, "not_found")
    problem(Api(token_of(ours)).get("organisations/B/"), 404, "not_found")


def test_an_organisation_is_read_by_id_or_code() -> None:
    ours = organisation("A", name="Άλφα", names={"en": "Alpha"}, iati_type="22", iati_identifier="GR-1")
    api = Api(token_of(ours))
    by_code = api.get("organisations/A/")
    assert by_code.json() == api.get(f"organisations/{ours.pk}/").json()
    told = by_code.json()
    assert {name: told[name] for name in ("id", "code", "name", "names", "sector", "iati_type", "countries")} == {
        "id": ours.pk,
        "code": "A",
        "name": "Άλφα",
        "names": {"en": "Alpha"},
        "sector": "civil_society",
        "iati_type": "22",
        "countries": [],
    }
    assert by_code["ETag"] == '"1"'


def test_an_organisation_writes_about_itself() -> None:
    ours = organisation("A")
    api = Api(token_of(ours))
    body = {"sector": "community", "countries": ["GR", "CY"], "iati_type": "24", "names": {"el": "Άλφα"}}
    changed = api.patch("organisations/A/", body, If_Match='"1"')
    assert (changed.status_code, changed["ETag"]) == (200, '"2"')
    told = changed.json()
    assert {name: told[name] for name in body} == {**body, "countries": ["CY", "GR"]}
    assert len(api.get("organisations/?countries=CY&names=Άλφα&search=αλφα").json()["results"]) == 1


def test_nobody_writes_about_another() -> None:
    kmop = organisation("KMOP")
    body = problem(
        Api(token_of(organisation("A"))).patch(f"organisations/{kmop.pk}/", {"name": "x"}), 403, "not_allowed"
    )
    assert body["detail"] == "Only people of this organisation who may write, and portfolio managers, change it."
    kmop.refresh_from_db()
    assert kmop.name == "Organisation KMOP"


def test_a_viewer_may_not_write() -> None:
    ours = organisation("A")
    api = Api()
    api.client.force_login(member("Vera", ours, MembershipRole.VIEWER))
    problem(api.patch("organisations/A/", {"name": "x"}, If_Match='"1"'), 403, "not_allowed")


@pytest.mark.parametrize(
    "body, status, code, pointer",
    [
        ({"countries": ["XX"]}, 422, "unknown_country", "/countries"),
        ({"countries": "GR"}, 400, "not_a_list", "/countries"),
        ({"sector": "circus"}, 400, "invalid_choice", "/sector"),
        ({"website": "no address"}, 400, "invalid", "/website"),
        ({"names": ["x"]}, 400, "not_a_dict", "/names"),
        ({"names": {"xx": "x"}}, 400, "unknown_language", "/names/xx"),
        ({"names": {"\x00": "x"}}, 400, "unknown_language", "/names/\x00"),
        ({"names": {"en": "\x00"}}, 400, "null_characters_not_allowed", "/names/en"),
        ({"names": {"en": 5}}, 400, "invalid", "/names/en"),
        ({"name": ""}, 400, "blank", "/name"),
    ],
)
def test_what_is_refused_is_told_with_its_pointer(
    body: dict[str, object], status: int, code: str, pointer: str
) -> None:
    api = Api(token_of(organisation("A")))
    told = problem(api.patch("organisations/A/", body, If_Match='"1"'), status, code)
    assert told["errors"][0]["pointer"] == pointer


def test_an_iati_identifier_in_use_is_409() -> None:
    organisation("B", iati_identifier="GR-1")
    api = Api(token_of(organisation("A")))
    problem(api.patch("organisations/A/", {"iati_identifier": "GR-1"}, If_Match='"1"'), 409, "duplicate")


def test_there_is_no_post() -> None:
    problem(Api(token_of(organisation("A"))).post("organisations/", {"code": "C"}), 405, "method_not_allowed")
