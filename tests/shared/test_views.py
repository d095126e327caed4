"""The base views: deny by default, lists that can be narrowed and taken away, acts that say what happened."""

import io

import openpyxl
import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.test import Client, RequestFactory

from kmop.accounts.models import User
from kmop.shared.views import ActView, PortalView, add_errors, is_own_address, page_of_refusal
from tests.shared.pages import NameForm, PeoplePage

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.shared.pages")]


def person(name: str, language: str = "en") -> User:
    return User.objects.create_user(f"{name.lower()}@example.org", name=name, language=language)


@pytest.fixture
def alice(client: Client) -> User:
    user = person("Alice")
    client.force_login(user)
    return user


def texts(client: Client, address: str) -> list[list[str]]:
    """The shown cells of a list."""
    rows = client.get(address).context["rows"]
    return [[str(cell.value) for cell in row.cells][:2] for row in rows]


def told(response: object) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]


def test_a_page_without_permission_can_not_be_defined() -> None:
    with pytest.raises(ImproperlyConfigured, match="Forgetful must declare its permission"):
        type("Forgetful", (PortalView,), {})


def test_a_base_class_is_no_page(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = person("Alice")
    with pytest.raises(ImproperlyConfigured, match="PortalView is a base class"):
        PortalView.as_view()(request)


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(client: Client) -> None:
    assert client.get("/people/?sort=name")["Location"] == "/accounts/login/?next=/people/%3Fsort%3Dname"
    assert client.post("/greet/")["Location"] == "/accounts/login/?next=/home/"


def test_a_refusal_is_a_page_with_its_reason(client: Client) -> None:
    client.force_login(person("Dora"))
    response = client.get("/people/")
    assert response.status_code == 403
    assert "Dora is a stranger." in response.content.decode()


def test_a_refusal_for_other_packages(rf: RequestFactory) -> None:
    assert page_of_refusal(rf.get("/"), "No.").status_code == 403
    assert "You may not do this." in page_of_refusal(rf.get("/")).content.decode()


def test_a_list_is_sorted_paged_and_counted(client: Client, alice: User) -> None:
    person("Carol", "el")
    person("Bob", "el")
    assert texts(client, "/people/") == [["Alice", "en"], ["Bob", "el"]]
    assert texts(client, "/people/?page=2") == [["Carol", "el"]]
    assert texts(client, "/people/?page=99") == [["Carol", "el"]]
    assert texts(client, "/people/?sort=-name") == [["Carol", "el"], ["Bob", "el"]]
    assert texts(client, "/people/?sort=language") == [["Carol", "el"], ["Bob", "el"]]
    assert texts(client, "/people/?sort=-language") == [["Alice", "en"], ["Bob", "el"]]
    assert texts(client, "/people/?sort=password") == [["Alice", "en"], ["Bob", "el"]]


def test_a_list_links_to_its_other_orders_and_pages(client: Client, alice: User) -> None:
    person("Bob")
    person("Carol")
    context = client.get("/people/?speaks=en&page=2&sort=name").context
    assert [(head.url, head.direction) for head in context["columns"]] == [
        ("?speaks=en&sort=-name", "ascending"),
        ("?speaks=en&sort=language", ""),
        ("", ""),
        ("", ""),
    ]
    assert [(page.label, page.url, page.current) for page in context["pages"]] == [
        ("1", "?speaks=en&sort=name&page=1", False),
        ("2", "?speaks=en&sort=name&page=2", True),
    ]
    assert [link.url for link in context["export_urls"]] == [
        "?speaks=en&sort=name&format=xlsx",
        "?speaks=en&sort=name&format=csv",
    ]
    assert [(option.code, option.current) for option in context["sort_options"]] == [
        ("name", True),
        ("language", False),
    ]


def test_filters_are_kept_in_the_address_and_shown_as_chips(client: Client, alice: User) -> None:
    person("Bob", "el")
    response = client.get("/people/?search=bo&speaks=el&page=1")
    assert [(chip.label, chip.url) for chip in response.context["chips"]] == [
        ("Search: bo", "?speaks=el"),
        ("Speaks: Greek", "?search=bo"),
    ]
    assert texts(client, "/people/?search=bo&speaks=el") == [["Bob", "el"]]
    assert 'href="/people/Bob/"' in response.content.decode()


def test_an_empty_list_names_the_next_act(client: Client, alice: User) -> None:
    assert "Nothing fits these filters." in client.get("/people/?search=zzz").content.decode()
    shown = client.get("/bare/").content.decode()
    assert "Nothing here yet." in shown
    User.objects.filter(pk=alice.pk).update(name="")
    assert client.get("/people/").context["empty_action"].url == "/invite/"


def test_a_list_costs_the_same_at_any_length(client: Client, alice: User, django_assert_num_queries: object) -> None:
    for names in (["Bob"], ["Carol", "Erin", "Fay"]):
        for name in names:
            person(name)
        with django_assert_num_queries(9):  # type: ignore[operator]  # six are the menu's; sessions lie apart
            client.get("/people/")


def test_export_is_the_whole_filtered_list_and_runs_no_formula(client: Client, alice: User) -> None:
    person("=1+1")
    person("Bob", "el")
    response = client.get("/people/?format=csv&sort=name")
    assert response["Content-Disposition"] == 'attachment; filename="people.csv"'
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines == ["Name,Language,Letters,Joined", "'=1+1,en,4,", "Alice,en,5,", "Bob,el,3,"]
    response = client.get("/people/?format=xlsx&sort=name")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active  # type: ignore[attr-defined]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Name", "Language", "Letters", "Joined"],
        ["=1+1", "en", 4, None],
        ["Alice", "en", 5, None],
        ["Bob", "el", 3, None],
    ]
    assert sheet["A2"].data_type == "s"
    assert client.get("/people/?format=exe").status_code == 404


def test_export_in_pieces_leaves_no_row_out(client: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kmop.shared.views.lists.CHUNK", 2)
    for name in ("Bob", "Carol", "Erin"):
        person(name)
    lines = b"".join(client.get("/people/?format=csv").streaming_content).splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 5


def test_an_act_says_what_happened_and_goes_back(client: Client, alice: User) -> None:
    response = client.post("/greet/", {"word": "Bob", "next": "/people/"})
    assert (response["Location"], told(response)) == ("/people/", ["Greeted Bob."])
    response = client.post("/greet/", {"next": "https://elsewhere.example/"})
    assert (response["Location"], told(response)) == ("/home/", ["Greeted Bob."])
    response = client.post("/greet/", {"next": "/people/"}, headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == "/people/"
    assert client.get("/greet/").status_code == 405


@pytest.mark.parametrize("word, said", [("closed", "The period is closed."), ("wrong", "Say a number.")])
def test_a_refused_act_is_a_message(client: Client, alice: User, word: str, said: str) -> None:
    assert told(client.post("/greet/", {"word": word})) == [said]


def test_an_act_must_say_what_it_does() -> None:
    with pytest.raises(NotImplementedError):
        ActView().act()


@pytest.mark.parametrize(
    "name, errors",
    [
        ("", ["name"]),
        ("taken", ["name", "__all__"]),
        ("odd", ["__all__"]),
        ("late", ["__all__"]),
    ],
)
def test_what_a_service_refuses_stands_at_the_field(client: Client, alice: User, name: str, errors: list[str]) -> None:
    response = client.post("/name/", {"name": name})
    assert response.status_code == 422
    assert list(response.json()) == errors


def test_a_form_that_is_right_goes_on(client: Client, alice: User) -> None:
    assert client.post("/name/", {"name": "Bob"})["Location"] == "/named/"
    assert client.get("/name/").content == b"{}"


def test_errors_without_a_field_are_told_above_with_their_place() -> None:
    from_service = ValidationError({"values/2/value": ["Too long."]})
    form = NameForm({"name": "x"})
    add_errors(form, from_service)
    assert form.non_field_errors() == ["values/2/value: Too long."]


def test_only_our_own_addresses_are_gone_to(rf: RequestFactory) -> None:
    request = rf.get("/")
    assert [is_own_address(request, each) for each in ("/x/", "//evil.example", "https://testserver/", "")] == [
        *(True, False, True, False),
    ]


def test_a_public_page_sets_no_cookie_and_links_to_itself_in_each_language(client: Client) -> None:
    response = client.get("/open/?x=1&language=ar")
    assert response.cookies == {}
    assert [(link.label, link.url, link.current) for link in response.context["languages"]] == [
        ("Ελληνικά", "/open/?x=1&language=el", False),
        ("English", "/open/?x=1&language=en", False),
        ("العربية", "/open/?x=1&language=ar", True),
    ]
    assert '<html lang="ar" dir="rtl">' in response.content.decode()
    assert "<script" not in response.content.decode()


def test_a_list_needs_its_rows() -> None:
    with pytest.raises(NotImplementedError):
        super(PeoplePage, PeoplePage()).get_queryset()
