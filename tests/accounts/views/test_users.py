"""The administrator's pages about users, and the page behind an invitation's link."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kmop.accounts import services
from kmop.accounts.choices import PortalRole
from kmop.accounts.models import Invitation, User
from kmop.shared.models import Job
from projects.models import Risk
from tests.factories import fresh, make_project
from tests.factories_basement import administrator, person, service

pytestmark = pytest.mark.django_db
USERS = "/administration/users/"
GOOD = "four slow ferries to Aktaia"


@pytest.fixture
def admin(client: Client) -> User:
    user = administrator()
    client.force_login(user)
    return user


def address(name: str, user: User) -> str:
    return reverse(f"accounts:{name}", args=[user.pk])


def names(page: Any) -> list[str]:
    return [row.source.name for row in page.context["rows"]]


def said(client: Client, url: str, **fields: str) -> list[str]:
    page = client.post(url, fields, follow=True)
    return [str(message) for message in page.context["messages"]]


# ---------------------------------------------------------------- who may
def test_every_page_and_act_is_for_portal_administrators(client: Client) -> None:
    bob = person("Bob")
    pages = [USERS, "/administration/users/invite/", address("user", bob)]
    acts = [address(f"user-{act}", bob) for act in ("role", "deactivate", "reactivate", "resend")]
    assert [client.get(page)["Location"].split("?")[0] for page in pages] == ["/accounts/login/"] * 3
    for role in (None, PortalRole.PORTFOLIO_MANAGER):
        client.force_login(person("Carol", role=role))
        assert [client.get(page).status_code for page in pages] == [403] * 3
        assert [client.post(act, {"role": "portfolio_manager", "held": "1"}).status_code for act in acts] == [403] * 4
    assert (fresh(bob).is_active, fresh(bob).portal_roles, Invitation.objects.count()) == (True, frozenset(), 0)


# ---------------------------------------------------------------- the list
def test_the_list_shows_name_address_roles_and_state(client: Client, admin: User) -> None:
    bob = person("Bob", role=PortalRole.PORTFOLIO_MANAGER)
    service()
    page = client.get(USERS)
    assert names(page) == ["Bob", "Petra", "importer"]
    cells = [[str(getattr(cell.value, "word", cell.value)) for cell in row.cells][:4] for row in page.context["rows"]]
    assert cells == [
        ["Bob", bob.email, "Portfolio manager", "Invited"],
        ["Petra", admin.email, "Portal administrator", "Invited"],
        ["importer", "importer@service.invalid", "", "Service account"],
    ]
    assert page.context["rows"][0].url == address("user", bob)


@pytest.mark.parametrize(
    "query, found",
    [
        ({"search": "ΕΛΕΝΗ"}, ["Ελένη Μάρκου"]),
        ({"search": "kmop.example marko"}, ["Ελένη Μάρκου"]),
        ({"search": "latin-mάρκου"}, []),
        ({"search": "μαρκου kmop"}, ["Ελένη Μάρκου"]),
        ({"role": "portal_administrator"}, ["Petra"]),
        ({"kind": "service"}, ["importer"]),
        ({"is_active": "false"}, ["Zoe"]),
        ({"sort": "-name", "is_active": "true", "kind": "person"}, ["Ελένη Μάρκου", "Petra"]),
        ({"search": "nobody"}, []),
    ],
)
def test_search_and_filters(client: Client, admin: User, query: dict[str, str], found: list[str]) -> None:
    User.objects.create_user("markou@kmop.example", name="Ελένη Μάρκου")
    service()
    ended = person("Zoe")
    ended.is_active = False
    ended.save()
    page = client.get(USERS, query)
    assert names(page) == found
    assert page.context["page_obj"].paginator.count == len(found)


@pytest.mark.parametrize("count", [1, 4])
def test_statements_of_the_list_do_not_grow(
    client: Client, admin: User, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        person(f"Person{number}", role=PortalRole.PORTFOLIO_MANAGER)
    client.get(USERS)
    with django_assert_num_queries(8):
        client.get(USERS)


def test_the_list_is_taken_away_as_csv(client: Client, admin: User) -> None:
    answer = client.get(USERS, {"format": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "Name,E-mail,Portal-wide roles,State,Since"
    assert lines[1].startswith(f"Petra,{admin.email},Portal administrator,Invited,")


# ---------------------------------------------------------------- inviting
def test_inviting_leads_to_the_persons_page(client: Client, admin: User) -> None:
    fields = {"email": "bob@a.example", "name": "Bob", "language": "el", "roles": ["portfolio_manager"]}
    answer = client.post("/administration/users/invite/", fields)
    bob = User.objects.get(email="bob@a.example")
    assert answer["Location"] == address("user", bob)
    assert (bob.language, bob.portal_roles, Job.objects.count()) == ("el", {"portfolio_manager"}, 1)


@pytest.mark.parametrize("email", ["", "nonsense", "taken@a.example"])
def test_what_is_wrong_is_told_and_nothing_is_kept(client: Client, admin: User, email: str) -> None:
    taken = User.objects.create_user("taken@a.example", GOOD, name="Taken")
    answer = client.post("/administration/users/invite/", {"email": email, "name": "Bob", "language": "en"})
    assert (answer.status_code, bool(answer.context["form"].errors)) == (422, True)
    assert set(User.objects.all()) == {admin, taken}


def test_sending_again(client: Client, admin: User) -> None:
    user, _link = services.invite(email="bob@a.example", name="Bob", by=admin)
    assert said(client, address("user-resend", user)) == ["The invitation goes out again."]
    assert (Invitation.objects.count(), Job.objects.count()) == (2, 2)


# ---------------------------------------------------------------- one user
def test_the_persons_page_shows_roles_and_what_can_be_done(client: Client, admin: User) -> None:
    bob = person("Bob", role=PortalRole.PORTFOLIO_MANAGER)
    page = client.get(address("user", bob))
    assert [(role["value"], role["held"]) for role in page.context["roles"]] == [
        ("portal_administrator", False),
        ("portfolio_manager", True),
        ("safeguarding_focal_point", False),
        ("data_protection_officer", False),
    ]
    html = page.content.decode()
    assert [url in html for url in (address("user-resend", bob), address("user-deactivate", bob))] == [True, True]
    assert address("user-reactivate", bob) not in html
    assert client.get("/administration/users/0/").status_code == 404


def test_a_role_is_given_and_taken(client: Client, admin: User) -> None:
    bob = person("Bob")
    url = address("user-role", bob)
    assert said(client, url, role="portfolio_manager", held="1") == ["The role was given."]
    assert fresh(bob).portal_roles == {"portfolio_manager"}
    assert said(client, url, role="portfolio_manager", held="0") == ["The role was taken away."]
    assert fresh(bob).portal_roles == frozenset()
    assert client.post(url, {"role": "emperor", "held": "1"}).status_code == 404
    assert client.get(url).status_code == 405
    assert said(client, address("user-role", admin), role="portal_administrator", held="0") == [
        "The last portal administrator can't be withdrawn."
    ]


def test_an_account_ends_and_its_open_work_goes_over(client: Client, admin: User) -> None:
    bob, carol = person("Bob"), person("Carol")
    left = Risk.objects.create(project=make_project(), title="Rain", likelihood=1, impact=1, owner=bob)
    url = address("user-deactivate", bob)
    assert said(client, url, to="") == ["Name the person who takes over the open work."]
    assert said(client, url, to="nobody@a.example") == ["Nobody has the address nobody@a.example."]
    assert fresh(bob).is_active
    assert said(client, url, to=carol.email.upper()) == ["The account was ended."]
    left.refresh_from_db()
    assert (left.owner, fresh(bob).is_active) == (carol, False)
    assert address("user-reactivate", bob) in client.get(address("user", bob)).content.decode()
    assert said(client, address("user-reactivate", bob)) == ["The account is active again."]
    assert fresh(bob).is_active


# ---------------------------------------------------------------- the invitation's own page
@pytest.fixture
def link(db: None) -> str:
    _user, address = services.invite(email="bob@a.example", name="Bob", by=administrator())
    return "/" + address.split("/", 3)[3]


def test_who_opens_the_link_chooses_name_and_password_and_is_signed_in(client: Client, link: str) -> None:
    page = client.get(link)
    assert (page.status_code, page.context["form"].initial, dict(page.cookies)) == (
        200,
        {"name": "Bob"},
        {"csrftoken": page.cookies["csrftoken"]},
    )
    answer = client.post(link, {"name": "Bob Ross", "password": GOOD})
    assert answer["Location"] == "/home/"
    assert client.get("/home/").wsgi_request.user.name == "Bob Ross"


def test_a_weak_password_is_told_at_its_field_and_the_link_still_works(client: Client, link: str) -> None:
    page = client.post(link, {"name": "Bob", "password": "short"})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["password"])
    assert client.post(link, {"name": "", "password": GOOD}).status_code == 422
    assert client.get(link).status_code == 200


@pytest.mark.parametrize("which", ["used", "forged"])
def test_a_link_that_has_ended_says_so(client: Client, link: str, which: str) -> None:
    if which == "used":
        client.post(link, {"name": "Bob", "password": GOOD})
    else:
        link = link[:-3] + "xx/"
    for page in (client.get(link), client.post(link, {"name": "Eve", "password": GOOD})):
        assert page.status_code == 410
        assert "used or is too old" in page.content.decode()
