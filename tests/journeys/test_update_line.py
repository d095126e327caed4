"""A figure on its way: entered, returned, corrected, approved; also without scripts, offline and in a race."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from projects.choices import UpdateState
from projects.models import Indicator, Obligation, Update, UpdateValue
from projects.services.rollup import roll_up_indicators
from projects.services.updates import content_of, replace_update
from tests.factories import (
    Cast,
    make_cast,
    make_dimension,
    make_indicator,
    make_obligation,
    make_period,
    make_target,
    make_update,
)
from tests.journeys.conftest import WIDE, OpenPage, SignIn

pytestmark = pytest.mark.django_db(transaction=True)
Accessible = Callable[[Page], None]
PASSWORD = "a long walk by the sea"


@dataclass
class Line:
    """The cast with one figure that A owes: people by gender and age band, 20 of them in the month before."""

    cast: Cast
    indicator: Indicator
    owed: Obligation

    @property
    def address(self) -> str:
        return f"/enter/figures/{self.owed.pk}/"


@pytest.fixture
def line(transactional_db: Any) -> Line:
    cast = make_cast()
    gender, band = make_dimension("gender", "women", "men"), make_dimension("band", "young", "middle", "old")
    indicator = make_indicator(cast.project, "1.2", dimensions=[gender, band], units={"en": "people"})
    before = {"": 20, "band:young|gender:women": 12, "band:old|gender:men": 8}
    make_update(make_period(indicator, 8), cast.a, before, by=cast.bob)
    make_target(indicator, 100)
    roll_up_indicators([indicator.pk])
    period = make_period(indicator, 9, due_on=None)
    return Line(cast, indicator, make_obligation(period, cast.a))


def shown_on_the_project(page: Page, line: Line) -> str:
    """The figure on the project's page."""
    page.goto(f"/projects/{line.cast.project.pk}/results/")
    return page.locator(f"#indicator-{line.indicator.pk} td[data-l=Actual]").inner_text().split()[0]


def fill(page: Page, **cells: str) -> None:
    """Type into the matrix: young_women="11"."""
    for name, value in cells.items():
        band, gender = name.split("_")
        page.locator(f'[name="n.band:{band}|gender:{gender}"]').fill(value)


# ---------------------------------------------------------------- the whole line
def test_entered_returned_corrected_approved(open_page: OpenPage, sign_in: SignIn, line: Line) -> None:
    partner, officer = open_page(), open_page()
    sign_in(partner, line.cast.bob)
    sign_in(officer, line.cast.alice)
    assert shown_on_the_project(officer, line) == "20"

    partner.goto("/enter/")
    partner.get_by_role("link", name="Enter", exact=True).last.click()
    fill(partner, young_women="11", middle_women="3", old_men="9")
    expect(partner.locator("tfoot [data-sum]").last).to_have_text("23")
    expect(partner.locator("[data-together]")).to_have_text("43")
    partner.get_by_role("button", name="Send this figure").click()
    expect(partner.get_by_text("1.2 is sent to review.")).to_be_visible()

    officer.goto("/review/")
    expect(officer.get_by_role("heading", name="Indicator 1.2")).to_be_visible()
    officer.keyboard.press("r")
    officer.keyboard.type("Are the older women missing?")
    officer.get_by_role("button", name="Return").click()
    expect(officer.get_by_text("1.2 went back to the partner with your note.")).to_be_visible()
    assert shown_on_the_project(officer, line) == "20"

    partner.goto("/enter/")
    partner.get_by_role("link", name="Enter", exact=True).last.click()
    expect(partner.get_by_text("Are the older women missing?")).to_be_visible()
    fill(partner, old_women="4")
    expect(partner.locator("tfoot [data-sum]").last).to_have_text("27")
    partner.get_by_role("button", name="Send this figure").click()
    expect(partner.get_by_text("1.2 is sent to review.")).to_be_visible()

    officer.goto("/review/")
    expect(officer.get_by_role("button", name="Approve 27")).to_be_visible()
    officer.keyboard.press("a")
    expect(officer.get_by_role("button", name="Take it back")).to_be_visible()
    assert shown_on_the_project(officer, line) == "47"


def test_a_newcomer_sends_a_first_figure_in_seven_clicks(page: Page, line: Line) -> None:
    line.cast.bob.set_password(PASSWORD)
    line.cast.bob.save()
    clicks = 0
    page.goto("/enter/")
    page.locator("input[name=login]").fill(line.cast.bob.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    clicks += 1
    page.get_by_role("link", name="Enter", exact=True).last.click()
    clicks += 1
    page.locator('[name="n.band:young|gender:women"]').click()
    clicks += 1
    page.keyboard.type("11")
    page.get_by_role("button", name="Send this figure").click()
    clicks += 1
    expect(page.get_by_text("1.2 is sent to review.")).to_be_visible()
    assert clicks <= 7
    assert Update.objects.get(period=line.owed.period).state == UpdateState.SUBMITTED


# ---------------------------------------------------------------- the comforts
def test_a_piece_of_a_sheet_is_pasted(page: Page, sign_in: SignIn, line: Line) -> None:
    sign_in(page, line.cast.bob)
    page.goto(line.address)
    page.locator('[name="n.band:young|gender:women"]').focus()
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "11\\t14\\r\\n61\\t18\\r\\n0\\t1\\r\\n");
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.locator("tfoot [data-sum]")).to_have_text(["72", "33", "105"])
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    assert UpdateValue.objects.get(update__period=line.owed.period, cell="").numerator == 105


@pytest.fixture
def noisy(browser: Browser, live_server: Any) -> Iterator[Page]:
    """A page whose console may tell of refused requests: they are what is tried."""
    context = browser.new_context(base_url=live_server.url, viewport=WIDE, locale="en")
    yield context.new_page()
    context.close()


def test_it_is_saved_as_typed_and_a_jump_is_asked_about(noisy: Page, sign_in: SignIn, line: Line) -> None:
    sign_in(noisy, line.cast.bob)
    noisy.goto(line.address)
    fill(noisy, young_women="90")
    noisy.get_by_label("What helped, what stood in the way").fill("Two classes ended together")
    expect(noisy.get_by_text("90 differs much from 20 in the period before.")).to_be_visible()
    noisy.get_by_label("Why it is right").fill("Two classes")
    noisy.get_by_label("What helped, what stood in the way").focus()
    expect(noisy.locator("[data-saved]")).to_contain_text("Saved")
    noisy.reload()
    expect(noisy.get_by_label("Why it is right")).to_have_value("Two classes")
    expect(noisy.locator('[name="n.band:young|gender:women"]')).to_have_value("90")


def test_left_while_it_is_saved_it_is_no_race_with_oneself(noisy: Page, sign_in: SignIn, line: Line) -> None:
    """The page is left while one content is on its way and another one is typed: the latter comes back and is saved."""
    sign_in(noisy, line.cast.bob)
    noisy.goto(line.address)
    fill(noisy, young_women="90")
    noisy.locator('[name="n.band:old|gender:men"]').fill("4")
    fill(noisy, old_women="6")
    noisy.reload()
    expect(noisy.locator("[data-saved]")).to_contain_text("Saved")
    expect(noisy.locator('[name="n.band:old|gender:women"]')).to_have_value("6")
    expect(noisy.locator("[data-lost]")).to_be_hidden()
    expect(noisy.locator("form[data-figure] [name=version]")).not_to_have_value("0")
    assert UpdateValue.objects.get(update__period=line.owed.period, cell="").numerator == 100


def test_without_connection_nothing_is_lost(noisy: Page, sign_in: SignIn, line: Line) -> None:
    sign_in(noisy, line.cast.bob)
    noisy.goto(line.address)
    noisy.context.set_offline(True)
    fill(noisy, young_women="11")
    noisy.locator('[name="n.band:old|gender:men"]').focus()
    expect(noisy.get_by_text("No connection.")).to_be_visible()
    expect(noisy.locator("[data-saved]")).to_contain_text("Kept on this device")
    assert Update.objects.filter(period=line.owed.period).count() == 0
    noisy.context.set_offline(False)
    expect(noisy.get_by_text("No connection.")).to_be_hidden()
    expect(noisy.locator("[data-saved]")).to_contain_text("Saved")
    assert UpdateValue.objects.get(update__period=line.owed.period, cell="").numerator == 11


def test_after_a_lost_race_both_are_told(noisy: Page, sign_in: SignIn, line: Line) -> None:
    sign_in(noisy, line.cast.bob)
    noisy.goto(line.address)
    fill(noisy, young_women="11")
    noisy.locator('[name="n.band:old|gender:men"]').focus()
    expect(noisy.locator("[data-saved]")).to_contain_text("Saved")
    update = Update.objects.get(period=line.owed.period)
    replace_update(update=update, content=content_of(update), by=line.cast.bob)
    fill(noisy, young_women="12")
    noisy.locator('[name="n.band:old|gender:men"]').focus()
    expect(noisy.get_by_text("What you typed is still here.")).to_be_visible()
    expect(noisy.locator('[name="n.band:young|gender:women"]')).to_have_value("12")
    noisy.get_by_role("button", name="Put mine in its place").click()
    expect(noisy.get_by_text("What you typed is still here.")).to_be_hidden()
    expect(noisy.locator("[name=version]")).to_have_value("3")
    assert UpdateValue.objects.get(update=update, cell="").numerator == 12


def test_without_scripts_on_a_phone(open_page: OpenPage, sign_in: SignIn, line: Line) -> None:
    page = open_page(phone=True, scripts=False)
    sign_in(page, line.cast.bob)
    page.goto(line.address)
    first = page.locator('[name="n.band:young|gender:women"]')
    box = first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 600
    fill(page, young_women="11")
    page.get_by_role("button", name="Send", exact=False).first.click()
    expect(page.get_by_text("1.2 is sent to review.")).to_be_visible()
    assert Update.objects.get(period=line.owed.period).state == UpdateState.SUBMITTED


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_the_pages_are_accessible(
    open_page: OpenPage, sign_in: SignIn, accessible: Accessible, line: Line, phone: bool
) -> None:
    waiting = make_update(line.owed.period, line.cast.a, 70, by=line.cast.bob, state=UpdateState.SUBMITTED)
    empty = make_obligation(make_period(line.indicator, 10), line.cast.a)
    partner, officer = open_page(phone=phone), open_page(phone=phone)
    sign_in(partner, line.cast.bob)
    sign_in(officer, line.cast.alice)
    for address in ("/enter/", f"/enter/figures/{empty.pk}/", line.address, "/enter/sent/", f"/updates/{waiting.pk}/"):
        partner.goto(address)
        accessible(partner)
        assert partner.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    for address in ("/review/", f"/review/{waiting.pk}/"):
        officer.goto(address)
        accessible(officer)
        assert officer.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
