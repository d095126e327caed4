"""An officer brings a real IATI file in and opens its project; a manager makes the PDF and opens the archive."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from kmop.accounts.models import User
from projects.choices import ProjectRoleName
from projects.models import Project
from projects.services.rollup import roll_up_all
from reports.models import Run
from tests.factories import make_cast, make_obligation, make_role, make_target, make_update, make_user
from tests.factories_voices import make_need, make_round
from tests.fixtures_basement import RunJobs
from tests.journeys.conftest import OpenPage, SignIn

pytestmark = pytest.mark.django_db(transaction=True)
Accessible = Callable[[Page], None]
FILE = Path(settings.BASE_DIR).parent / "shared" / "data" / "iati" / "publishers" / "mixed-foodsecurity-2.03.xml"
PASSWORD = "a long walk by the sea"


def signed_in_by_the_form(page: Page, user: User) -> None:
    user.set_password(PASSWORD)
    user.save()
    page.goto("/home/")
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Today")


@pytest.mark.skipif(not FILE.exists(), reason=f"the real file {FILE.name} is not beside the repository")
def test_an_officer_imports_a_real_file_and_opens_its_project(
    page: Page, accessible: Accessible, run_jobs: RunJobs
) -> None:
    officer = make_user("Olga")
    make_role(officer, ProjectRoleName.ME_OFFICER, country="HT")
    signed_in_by_the_form(page, officer)

    page.get_by_role("link", name="Imports").click()
    accessible(page)
    page.locator("input[type=file]").set_input_files(FILE)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("The file is being read.")).to_be_visible()
    run_jobs()
    expect(page.get_by_role("heading", name="Import it?")).to_be_visible()
    assert Project.objects.count() == 0
    accessible(page)

    page.get_by_role("button", name="Import", exact=True).click()
    run_jobs()
    page.reload()
    expect(page.get_by_role("heading", name="What became of it")).to_be_visible()
    assert Project.objects.count() > 0
    page.locator("section[aria-labelledby=projects] a").first.click()
    expect(page.get_by_role("heading", name="Is it on course?")).to_be_visible()
    expect(page.get_by_role("heading", name="Is it what people say they need?")).to_be_visible()
    accessible(page)


def test_a_manager_makes_the_pdf_and_opens_the_archive(
    page: Page, sign_in: SignIn, accessible: Accessible, run_jobs: RunJobs
) -> None:
    cast = make_cast()
    make_target(cast.indicator, 10, cast.period)
    make_obligation(cast.period, cast.a, update=make_update(cast.period, cast.a, 9))
    make_round(cast.project, (make_need(cast.project), 12, 9))
    roll_up_all()
    sign_in(page, cast.alice)

    page.goto(f"/projects/{cast.project.pk}/")
    page.get_by_role("link", name="Make a report").click()
    expect(page.locator("[name=project]")).to_have_value("STR-25")
    accessible(page)
    page.get_by_role("button", name="Make the report").click()
    expect(page.get_by_text("The report is being made.")).to_be_visible()
    run_jobs()
    expect(page.get_by_role("heading", name="Files")).to_be_visible()
    accessible(page)
    with page.expect_download() as waiting:
        page.locator("a[href$='/files/pdf/']").click()
    name, content = waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()
    assert (name.endswith(".pdf"), "STR-25" in name, content[:5]) == (True, True, b"%PDF-")

    page.goto("/reports/")
    page.get_by_role("link", name="Archive").click()
    expect(page.locator("main tbody tr")).to_have_count(1)
    page.locator("main tbody a").first.click()
    assert page.url.endswith(f"/reports/runs/{Run.objects.get().pk}/")


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_first_pages_are_accessible(open_page: OpenPage, sign_in: SignIn, accessible: Accessible, phone: bool) -> None:
    cast = make_cast()
    make_target(cast.indicator, 10, cast.period)
    make_obligation(cast.period, cast.a)
    make_round(cast.project, (make_need(cast.project), 12, 9))
    page = open_page(phone=phone)
    for address in ("/accounts/login/", "/accounts/password/reset/"):
        page.goto(address)
        accessible(page)
    sign_in(page, cast.alice)
    for address in ("/home/", "/projects/", "/projects/?view=table", f"/projects/{cast.project.pk}/"):
        page.goto(address)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
