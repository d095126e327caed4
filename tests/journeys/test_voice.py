"""A person leaves a message in Greek on a phone without scripts; staff answer; she reads it with her receipt."""

import pytest
from playwright.sync_api import expect

from beneficiaries.choices import FeedbackState
from beneficiaries.models import Feedback
from projects.models import Project
from tests.factories import make_cast
from tests.journeys.conftest import OpenPage, SignIn

pytestmark = pytest.mark.django_db(transaction=True)
SAID = "Η βάρδια τελειώνει στις δέκα. Ποιος κρατάει τα παιδιά μου;"
ANSWER = "Από τον Ιανουάριο ο παιδικός σταθμός μένει ανοιχτός ως τις έντεκα."


def test_a_message_in_greek_its_answer_and_who_reads_it(open_page: OpenPage, sign_in: SignIn) -> None:
    cast = make_cast()
    Project.objects.filter(pk=cast.project.pk).update(is_published=True)

    person = open_page(phone=True, scripts=False, language="el")
    person.goto("/p/STR-25/?language=el")
    person.locator("textarea[name=text]").fill(SAID)
    person.locator("form:has(textarea[name=text]) button.say").click()
    code, pin = person.locator(".code-big").all_inner_texts()
    assert person.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    assert person.context.cookies() == []
    [message] = Feedback.objects.all()
    assert (message.text, message.language, message.state) == (SAID, "el", FeedbackState.NEW)

    staff = open_page()
    sign_in(staff, cast.alice)
    staff.goto("/voices/")
    staff.locator(f"a[href*='{message.pk}']").first.click()
    expect(staff.get_by_text(SAID).first).to_be_visible()
    staff.locator("textarea[name=answer]").fill(ANSWER)
    staff.get_by_role("button", name="Save and answer").click()
    message.refresh_from_db()
    assert message.state == FeedbackState.ANSWERED

    later = open_page(phone=True, scripts=False, language="el")
    later.goto("/receipt/?language=el")
    later.locator("[name=code]").fill(code)
    later.locator("[name=pin]").fill(pin)
    later.locator("form:has([name=pin]) button").click()
    expect(later.get_by_text(ANSWER)).to_be_visible()
    assert later.locator("html").get_attribute("lang") == "el"
