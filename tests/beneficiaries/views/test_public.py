"""The public pages: no session, no cookie, no script; a message, its receipt, the answer."""

import re
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client, override_settings

from beneficiaries.models import Feedback, Receipt, SensitiveReport
from beneficiaries.queries.public import public_page
from beneficiaries.services.feedback import answer_feedback
from beneficiaries.views.open_forms import SALT, new_token
from projects.models import Project
from projects.services.rollup import roll_up_indicators
from tests.factories import (
    make_indicator,
    make_organisation,
    make_period,
    make_place,
    make_project,
    make_role,
    make_update,
    make_user,
)
from tests.factories_voices import make_decision, make_need, make_round

FORM = "/p/STR-25/feedback/"


@pytest.fixture
def public() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def project(db: None) -> Project:
    made = make_project(
        "STR-25", is_published=True, contact_phone="+30 210 1234567", funding_statement={"en": "Paid by the Fund."}
    )
    made.places.set([make_place("GR-B", name="Thessaloniki"), make_place("X", name="Shelter", is_protected=True)])
    return made


def sent(text: str = "Who keeps my children?", **fields: Any) -> dict[str, Any]:
    return {"text": text, "language": "en", "token": new_token("STR-25"), **fields}


def slip_of(page: Any) -> tuple[str, str]:
    code, pin = re.findall(r'class="code-big"[^>]*>([^<]+)<', page.content.decode())
    return code, pin


def leave(public: Client, **fields: Any) -> tuple[str, str]:
    return slip_of(public.post(FORM, sent(**fields)))


def read(public: Client, code: str, pin: str, **fields: Any) -> Any:
    return public.post("/receipt/", {"code": code, "pin": pin, **fields})


# ---------------------------------------------------------------- pages
@pytest.mark.parametrize("language", ["en", "el", "ar"])
@pytest.mark.parametrize("address", ["/", "/p/STR-25/", FORM, "/receipt/"])
def test_pages_need_no_cookie_no_script_and_are_small(
    public: Client, project: Project, address: str, language: str
) -> None:
    page = public.get(address, {"language": language})
    html = page.content.decode()
    direction = "rtl" if language == "ar" else "ltr"
    assert (page.status_code, dict(page.cookies), "<script" in html) == (200, {}, False)
    assert f'<html lang="{language}" dir="{direction}">' in html
    assert len(page.content) < 30_000
    assert page["Referrer-Policy"] == "same-origin"


def test_home_lists_published_projects_and_searches_without_accents(public: Client, project: Project) -> None:
    make_project("HID-25", titles={"en": "Hidden"})
    Project.objects.filter(pk=project.pk).update(search_text="eργο εργο steria")
    assert [public.get("/", query).content.decode().count("/p/STR-25/") for query in ({}, {"search": "ΈΡΓΟ"})] == [1, 1]
    assert "No project fits these words." in public.get("/", {"search": "nothing"}).content.decode()
    assert "HID-25" not in public.get("/").content.decode()


@pytest.mark.parametrize("address", ["/p/STR-25/", FORM])
def test_a_project_that_is_not_published_is_not_there(public: Client, project: Project, address: str) -> None:
    Project.objects.update(is_published=False)
    assert [public.get(address).status_code, public.get("/p/NONE/").status_code] == [404, 404]


def test_the_page_tells_plan_changes_needs_phone_and_funder(public: Client, project: Project) -> None:
    cast_need = make_need(project, "Childcare")
    make_round(project, (cast_need, 30, 20))
    make_decision(project, make_user("Alice"), people=3)
    html = public.get("/p/STR-25/").content.decode()
    told = [
        "20 people ranked",
        "Childcare",
        "We need shoes.",
        "120 pairs were given.",
        "+30 210 1234567",
        "Paid by the",
    ]
    assert [word for word in told if word not in html] == []
    assert "3 people" not in html
    assert "Shelter" not in html


@pytest.mark.parametrize("count", [1, 4])
def test_statements_of_home_do_not_grow(
    public: Client, project: Project, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(1, count):
        make_project(f"P-{number}", is_published=True)
    with django_assert_num_queries(3):
        public.get("/")


@pytest.mark.parametrize("count", [1, 4])
def test_statements_of_a_project_do_not_grow(
    public: Client, project: Project, count: int, django_assert_num_queries: Any
) -> None:
    by = make_user("Alice")
    make_round(project, *[(make_need(project, f"Need {number}"), 10, 5) for number in range(count)])
    for _number in range(count):
        make_decision(project, by)
    with django_assert_num_queries(17):
        public.get("/p/STR-25/")


# ---------------------------------------------------------------- leaving a message
def test_a_message_gives_a_receipt_that_stands_in_no_address(public: Client, project: Project) -> None:
    page = public.post(FORM, sent(place=project.places.get(code="GR-B").pk, sex="female", may_quote="on"))
    code, pin = slip_of(page)
    feedback = Feedback.objects.get()
    assert (page.status_code, dict(page.cookies), page["Cache-Control"]) == (
        200,
        {},
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    assert (feedback.text, feedback.sex, feedback.age_band, feedback.may_quote) == (
        "Who keeps my children?",
        "female",
        "not_stated",
        True,
    )
    assert (read(public, code, pin).status_code, Receipt.objects.count()) == (200, 1)


def test_the_same_form_sent_twice_makes_one_message_with_the_same_receipt(public: Client, project: Project) -> None:
    body = sent()
    slips = {slip_of(public.post(FORM, body)) for _time in range(3)}
    assert (len(slips), Feedback.objects.count()) == (1, 1)


def test_the_same_form_with_other_words_asks_and_is_a_second_message_then(public: Client, project: Project) -> None:
    body = sent()
    public.post(FORM, body)
    page = public.post(FORM, {**body, "text": "Something else"})
    token = re.search(r'name="token" value="([^"]+)"', page.content.decode())
    assert (page.status_code, Feedback.objects.count(), "Something else" in page.content.decode()) == (422, 1, True)
    assert token is not None
    public.post(FORM, {**body, "text": "Something else", "token": token[1]})
    assert Feedback.objects.count() == 2


@pytest.mark.parametrize("kind", ["none", "rubbish", "of another page"])
def test_without_a_good_token_the_form_comes_back_with_the_words(public: Client, project: Project, kind: str) -> None:
    token = {"none": "", "rubbish": "rubbish"}.get(kind, signing.dumps(["OTHER", "x"], salt=SALT))
    page = public.post(FORM, sent(token=token))
    assert (page.status_code, Feedback.objects.count()) == (422, 0)
    assert "Who keeps my children?" in page.content.decode()


def test_a_token_ends_after_a_day(public: Client, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    body = sent()
    monkeypatch.setattr("beneficiaries.views.open_forms.GOOD_FOR_SECONDS", -1)
    assert public.post(FORM, body).status_code == 422


@pytest.mark.parametrize("fields", [{"text": "  "}, {"text": "x" * 20_001}, {"website": "spam"}, {"sex": "robot"}])
def test_what_is_wrong_is_told_and_what_was_typed_is_kept(
    public: Client, project: Project, fields: dict[str, str]
) -> None:
    page = public.post(FORM, sent(contact="0691", **{"text": "Keep me", **fields}))
    assert (page.status_code, Feedback.objects.count(), 'value="0691"' in page.content.decode()) == (422, 0, True)
    assert 'class="err"' in page.content.decode()


def test_a_nul_in_the_text_is_told(public: Client, project: Project) -> None:
    assert public.post(FORM, sent(text="a\x00b")).status_code == 422


def test_a_sensitive_message_is_in_no_list(public: Client, project: Project) -> None:
    code, pin = leave(public, is_sensitive="on")
    assert (Feedback.objects.count(), SensitiveReport.objects.count()) == (0, 1)
    html = read(public, code, pin).content.decode()
    assert ("Who keeps my children?" in html, str(project) in html) == (True, False)


def test_too_many_posts_of_one_address_wait(public: Client, project: Project) -> None:
    with override_settings(PUBLIC_POSTS_PER_ADDRESS=0):
        page = public.post(FORM, sent())
    assert (page.status_code, page.has_header("Retry-After"), Feedback.objects.count()) == (429, True, 0)


# ---------------------------------------------------------------- coming back
def test_the_answer_is_read_and_replied_to(public: Client, project: Project) -> None:
    code, pin = leave(public)
    alice = make_user("Alice")
    make_role(alice, "project_manager", project)
    answer_feedback(feedback=Feedback.objects.get(), text="From January, on Saturdays.", language="en", by=alice)
    assert "From January, on Saturdays." in read(public, code, pin).content.decode()
    page = read(public, code, pin, act="reply", text="Thank you!")
    assert (page.status_code, "Thank you!" in page.content.decode()) == (200, True)
    assert Feedback.objects.get().state == "acknowledged"


def test_an_empty_reply_is_told(public: Client, project: Project) -> None:
    code, pin = leave(public)
    assert [read(public, code, pin, act="reply", text=text).status_code for text in ("", " \n")] == [422, 422]


def test_a_message_is_taken_back_once(public: Client, project: Project) -> None:
    code, pin = leave(public)
    statuses = [read(public, code, pin, act="withdraw").status_code for _time in range(2)]
    assert (statuses, Feedback.objects.get().state) == ([200, 422], "withdrawn")


def test_erasing_asks_first_and_leaves_nothing(public: Client, project: Project) -> None:
    code, pin = leave(public)
    asked = read(public, code, pin, act="erase")
    assert (asked.status_code, Feedback.objects.count()) == (200, 1)
    done = read(public, code, pin, act="erase", sure="yes")
    assert (done.status_code, Feedback.objects.count(), Receipt.objects.count()) == (200, 0, 0)
    assert read(public, code, pin).status_code == 404


@pytest.mark.parametrize("code, pin", [("bado-bado-bado-bado", "123456"), ("", "")])
def test_a_wrong_code_opens_nothing(public: Client, project: Project, code: str, pin: str) -> None:
    assert read(public, code, pin).status_code == (404 if code else 422)


def test_the_page_of_a_signed_in_person_opens_no_session(project: Project) -> None:
    assert dict(Client().get("/p/STR-25/").cookies) == {}
    assert settings.PUBLIC_LANGUAGES == ["el", "en", "ar"]


def test_no_word_of_a_message_stands_in_a_log(
    public: Client, project: Project, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    code, pin = leave(public, text="Planted-7391", contact="Contact-7391")
    read(public, code, pin, act="reply", text="Reply-7391")
    read(public, code, "000", act="reply", text="Reply-7391")
    told = capfd.readouterr()
    everything = caplog.text + told.out + told.err
    assert [word for word in ("7391", code, pin) if word in everything] == []


@pytest.mark.parametrize("code", ["str-25", "Str-25"])
def test_a_code_typed_in_small_letters_opens_the_page(public: Client, project: Project, code: str) -> None:
    make_project("STR-26", is_published=False)
    assert public.get(f"/p/{code}/").status_code == 200
    assert public.post(f"/p/{code}/feedback/", sent()).status_code == 200
    assert public.get("/p/str-26/").status_code == 404


def test_the_receipt_button_asks_and_does_not_tell_a_state(public: Client, project: Project) -> None:
    html = public.get("/receipt/", {"language": "el"}).content.decode()
    assert '<button class="say">Διαβάστε την απάντησή μας</button>' in html


# ---------------------------------------------------------------- is the need met?
@pytest.mark.parametrize("language, word", [("en", "Is this met for you?"), ("el", ""), ("ar", "")])
def test_a_person_says_that_her_need_is_met_and_takes_it_back(
    public: Client, project: Project, language: str, word: str
) -> None:
    code, pin = leave(public)
    need = make_need(project, "Care")
    Feedback.objects.update(need=need)
    kept = []
    for act in ("read", "met", "not_met"):
        body = {"code": code, "pin": pin, "act": act}
        page = public.post(f"/receipt/?language={language}", body)
        html = page.content.decode()
        assert (page.status_code, dict(page.cookies), "<script" in html, word in html) == (200, {}, False, True)
        kept.append(('value="met"' in html, 'value="not_met"' in html, list(need.confirmations.values_list("is_met"))))
    assert kept == [(True, True, []), (False, True, [(True,)]), (True, False, [(False,)])]


def test_a_message_without_a_need_is_asked_nothing(public: Client, project: Project) -> None:
    code, pin = leave(public)
    assert 'value="met"' not in read(public, code, pin).content.decode()
    refused = read(public, code, pin, act="met")
    assert (refused.status_code, "This message belongs to no need." in refused.content.decode()) == (422, True)


@pytest.mark.parametrize("people, told", [(4, "suppressed"), (5, "reported")])
def test_a_formula_that_would_tell_few_people_is_not_told(project: Project, people: int, told: str) -> None:
    reached = make_indicator(project, "9.1")
    make_update(make_period(reached), make_organisation("Z"), people)
    roll_up_indicators([reached.pk])
    double = make_indicator(project, "9.2", measure="formula", formula="[9.1] * 10", across_partners="none")
    page = public_page(project, day=date(2026, 6, 1))
    states = {one.title: one.actual.state.value for one in page.results}
    assert (states["Indicator 9.1"], states[double.titles["en"]]) == (told, told)
