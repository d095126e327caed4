"""Signing in and out, wrong passwords, forgotten passwords: the library's pages as the portal uses them."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from kmop.accounts.models import User
from tests.factories_basement import person, service

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
GOOD, OTHER = "four slow ferries to Aktaia", "nine lamps above the square"


@pytest.fixture
def bob() -> User:
    return with_password(person("Bob"))


def with_password(user: User) -> User:
    user.set_password(GOOD)
    user.save()
    return user


def sign_in(client: Client, user: User, password: str = GOOD, **fields: str) -> Any:
    return client.post(LOGIN, {"login": user.email, "password": password, **fields})


def is_in(client: Client) -> bool:
    return client.get("/home/").status_code == 200


def words(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


# ---------------------------------------------------------------- in and out
def test_the_page_asks_for_login_and_password_by_name(client: Client) -> None:
    html = client.get(LOGIN).content.decode()
    fields = re.findall(r'<input[^>]*name="(\w+)"', html)
    assert fields == ["csrfmiddlewaretoken", "login", "password"]
    assert "by invitation" in html


def test_the_right_password_opens_home_whatever_the_case_of_the_address(client: Client, bob: User) -> None:
    answer = sign_in(client, bob, login=bob.email.upper())
    assert (answer.status_code, answer["Location"]) == (302, "/home/")
    assert is_in(client)


def test_who_was_sent_to_sign_in_comes_back_to_her_page(client: Client, bob: User) -> None:
    asked = client.get("/projects/?sort=code")
    assert asked["Location"] == "/accounts/login/?next=/projects/%3Fsort%3Dcode"
    assert sign_in(client, bob, next="/projects/?sort=code")["Location"] == "/projects/?sort=code"


def test_no_address_of_another_host_is_followed(client: Client, bob: User) -> None:
    assert sign_in(client, bob, next="https://elsewhere.example/")["Location"] == "/home/"


def test_signing_in_makes_a_new_session_and_signing_out_ends_it(client: Client, bob: User) -> None:
    sign_in(client, bob)
    cookie = client.cookies["sessionid"]
    assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax")
    before = cookie.value
    assert client.get("/accounts/logout/").status_code == 200
    assert is_in(client)
    client.post("/accounts/logout/")
    assert not is_in(client)
    stolen = Client()
    stolen.cookies["sessionid"] = before
    assert not is_in(stolen)


def test_passwords_are_kept_by_argon2(bob: User) -> None:
    assert bob.password.startswith("argon2$argon2id$v=19$m=")


# ---------------------------------------------------------------- refusals
def test_a_wrong_password_and_an_unknown_address_sound_the_same(client: Client, bob: User) -> None:
    said = [
        re.findall(r'role="alert".*?<p>(.*?)</p>', page.content.decode(), re.S)
        for page in (sign_in(client, bob, "wrong"), sign_in(client, bob, login="nobody@a.example"))
    ]
    assert said[0] == said[1]
    assert len(said[0]) == 1
    assert not is_in(client)


def test_after_five_wrong_passwords_the_right_one_is_refused_for_a_while(client: Client, bob: User) -> None:
    for _try in range(5):
        sign_in(client, bob, "wrong")
    assert "Too many tries with this address. Wait five minutes" in words(sign_in(client, bob))
    assert not is_in(client)
    carol = with_password(person("Carol"))
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7"), carol).status_code == 302


def test_an_ended_account_and_an_invited_one_do_not_get_in(client: Client, bob: User) -> None:
    invited = User.objects.create_user("new@a.example", name="New")
    for password in ("", "!", GOOD):
        sign_in(client, invited, password)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    sign_in(client, bob)
    assert not is_in(client)


def test_a_session_ends_with_the_account(client: Client, bob: User) -> None:
    sign_in(client, bob)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert not is_in(client)


def test_a_service_account_never_signs_in_even_with_a_password(client: Client) -> None:
    answer = sign_in(client, with_password(service()))
    assert answer["Location"] == "/accounts/inactive/"
    assert "This account has ended" in words(client.get("/accounts/inactive/"))
    assert not is_in(client)


def test_nobody_signs_up(client: Client) -> None:
    fields = {"email": "eve@a.example", "password1": GOOD, "password2": GOOD}
    for page in (client.get("/accounts/signup/"), client.post("/accounts/signup/", fields)):
        assert "By invitation only" in words(page)
    assert User.objects.count() == 0


def test_signing_in_needs_the_forms_own_token(bob: User) -> None:
    assert sign_in(Client(enforce_csrf_checks=True), bob).status_code == 403


# ---------------------------------------------------------------- forgotten and changed passwords
def reset_link(client: Client, email: str) -> str:
    answer = client.post("/accounts/password/reset/", {"email": email})
    assert answer["Location"] == "/accounts/password/reset/done/"
    [found] = re.findall(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)
    return str(found)


def test_a_forgotten_password_is_replaced_by_mail_and_the_link_works_once(
    client: Client, bob: User, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    link = reset_link(client, bob.email.upper())
    assert mail.outbox[-1].to == [bob.email]
    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    weak = client.post(address, {"password1": "short", "password2": "short"})
    assert "at least 12 characters" in words(weak)
    done = client.post(address, {"password1": OTHER, "password2": OTHER})
    assert done["Location"] == "/accounts/password/reset/key/done/"
    assert [sign_in(Client(), bob, one).status_code for one in (GOOD, OTHER)] == [200, 302]
    assert "used or is too old" in words(Client().get(link, follow=True))


def test_an_unknown_address_is_answered_alike(client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    answer = client.post("/accounts/password/reset/", {"email": "nobody@a.example"})
    assert answer["Location"] == "/accounts/password/reset/done/"
    assert [one.to for one in mail.outbox if "/reset/key/" in one.body] == []


def test_a_password_is_changed_with_the_old_one(client: Client, bob: User) -> None:
    sign_in(client, bob)
    page = "/accounts/password/change/"
    wrong = client.post(page, {"oldpassword": "wrong", "password1": OTHER, "password2": OTHER})
    assert wrong.status_code == 200
    client.post(page, {"oldpassword": GOOD, "password1": OTHER, "password2": OTHER})
    bob.refresh_from_db()
    assert bob.check_password(OTHER)
    assert is_in(client)


def test_the_pages_speak_greek(client: Client) -> None:
    html = client.get(LOGIN, {"language": "el"}).content.decode()
    assert '<html lang="el"' in html


# ---------------------------------------------------------------- too many tries
def test_who_tries_too_often_from_one_place_is_told_how_long_to_wait(client: Client) -> None:
    answers = [
        client.post(LOGIN, {"login": f"nobody-{number}@kmop.example", "password": "wrong"}) for number in range(11)
    ]
    assert [each.status_code for each in answers] == [200] * 10 + [429]
    assert answers[-1]["Retry-After"] == "60"
    assert "Wait one minute, then try again." in words(answers[-1])
    assert 'class="brand"' in answers[-1].content.decode()
