"""Templates: small, said what they need, nothing inline, every icon there; the tags that all of them have."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe

from kmop.shared.tables import Badge

ROOT = Path(settings.BASE_DIR)
# A report as HTML is a file of its own that carries its style with it; it is no page.
DOCUMENTS = ROOT / "templates" / "reports" / "document"
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html") if DOCUMENTS not in path.parents)
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
SPRITE = (ROOT / "static" / "icons.svg").read_text()


def drawn(source: str, **context: object) -> str:
    with translation.override("en"):
        return re.sub(r"\s+", " ", Template(source).render(Context(context))).strip()


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_begins_by_saying_what_it_needs(path: Path) -> None:
    assert re.match(r"\{# .+ #\}\n", path.read_text()) is not None


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_a_template_is_small_and_has_nothing_inline(path: Path) -> None:
    source = path.read_text()
    assert len(source.splitlines()) <= 120
    assert re.findall(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", source) == []


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    known = set(re.findall(r'<symbol id="([^"]+)"', SPRITE))
    named = {name for path in TEMPLATES for name in re.findall(r'\{% icon "([^"]+)"', path.read_text())}
    assert sorted(named - known) == []


def test_an_icon_is_one_use_of_the_sprite() -> None:
    assert drawn('{% icon "arrow-right" flip=True %}') == (
        '<svg class="i i-flip" aria-hidden="true"><use href="/static/icons.svg#arrow-right"/></svg>'
    )


@pytest.mark.parametrize(
    "tag, shown",
    [
        ("{% value 1302 %}", '<span class="num">1,302</span>'),
        (
            '{% value 1302 href="/x/" unit="people" %}',
            '<a class="val-a num" href="/x/">1,302</a><span class="u">people</span>',
        ),
        ("{% value 0 %}", '<span class="num">0</span><span class="muted small"> reported</span>'),
        ("{% value half share=True %}", '<span class="num">50%</span>'),
        ("{% value None %}", '<span class="val-x val-none">Not reported</span>'),
        (
            '{% value 7 "not_reported" href="/x/" %}',
            '<span class="val-x val-none"><a class="val-a" href="/x/">Not reported</a></span>',
        ),
    ],
)
def test_a_value_shows_its_state(tag: str, shown: str) -> None:
    assert drawn(tag, half=Decimal("0.5")).replace("> <", "><") == shown


def test_the_empty_states_of_a_value_look_different() -> None:
    assert "#minus" in drawn('{% value None "not_applicable" %}')
    assert "Not applicable" in drawn('{% value None "not_applicable" href="/x/" %}')
    assert "#eye-off" in drawn('{% value 3 "suppressed" %}')
    assert "Fewer than 5" in drawn('{% value 3 "suppressed" href="/x/" %}')
    assert ">3<" not in drawn('{% value 3 "suppressed" %}')


@pytest.mark.parametrize(
    "content, shown",
    [
        (None, '<span class="muted">–</span>'),
        ("", '<span class="muted">–</span>'),
        (True, "Yes"),
        (False, "No"),
        (Decimal("1302.50"), "1,302.5"),
        (date(2026, 11, 23), "23 Nov 2026"),
        (datetime(2026, 11, 23, 12, 31, tzinfo=UTC), "23 Nov 2026, 14:31"),
        ("<b>", "&lt;b&gt;"),
        (mark_safe("<b>x</b>"), "<b>x</b>"),
        (
            Badge("Due", "warn", "clock"),
            (
                '<span class="badge" data-s="warn"><svg class="i" aria-hidden="true">'
                '<use href="/static/icons.svg#clock"/></svg>Due</span>'
            ),
        ),
    ],
)
def test_a_cell_is_shown_by_what_it_holds(content: object, shown: str) -> None:
    assert drawn("{% cell content %}", content=content) == shown


@pytest.mark.parametrize(
    "source, shown",
    [
        ("{{ n|number }} {{ n|number:2 }} {{ none|number }}", "1,302 1,302.00 –"),
        ("{{ n|change }} {{ none|change }}", "+1,302 –"),
        ("{{ half|percent }} {{ half|percent:1 }} {{ none|percent }}", "50% 50.0% –"),
        ('{{ n|money }} {{ n|money:"GEL" }} {{ none|money }}', "€1,302 GEL 1,302 –"),
        ("{{ n|money_short }} {{ none|money_short }}", "€1.3k –"),
        ("{{ d|day }} {{ none|day }}", "23 Nov 2026 –"),
        ("{{ d|day_short }} {{ none|day_short }}", "23 Nov –"),
        ("{{ d|day_long }} {{ none|day_long }}", "Monday 23 November –"),
        ("{{ d|month }} {{ none|month }}", "Nov 2026 –"),
        ("{{ t|moment }} {{ none|moment }}", "23 Nov 2026, 14:31 –"),
        ("{{ two|days }} {{ none|days }}", "2 days –"),
        ("{{ n|file_size }} {{ none|file_size }}", "1 KB –"),
        ("{% period d d %} {% date_range d d %}", "23 Nov 2026 – 23 Nov 2026 23 Nov 2026 – 23 Nov 2026"),
        (
            '{{ "ok"|badge_icon }} {{ ""|badge_icon }} {{ "ok"|note_icon }} {{ ""|note_icon }}',
            "check circle circle-check info",
        ),
        ('{{ "error"|message_state }} {{ "x success"|message_state }} {{ ""|message_state }}', "bad ok info"),
    ],
)
def test_filters(source: str, shown: str) -> None:
    values = {"n": 1302, "half": Decimal("0.5"), "none": None, "two": 2, "d": date(2026, 11, 23)}
    assert drawn(source, **values, t=datetime(2026, 11, 23, 12, 31, tzinfo=UTC)) == shown


def test_an_address_keeps_the_other_parameters(rf: RequestFactory) -> None:
    request = rf.get("/projects/?search=a&page=2")
    assert (
        drawn('{% address language="el" page=None as x %}{{ x|safe }}', request=request)
        == "/projects/?search=a&language=el"
    )


class SampleForm(forms.Form):
    name = forms.CharField(help_text="As on the passport", widget=forms.TextInput(attrs={"class": "wide"}))
    note = forms.CharField(required=False)
    kind = forms.ChoiceField(choices=[("a", "One")], widget=forms.RadioSelect)
    agreed = forms.BooleanField()
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_is_linked_to_its_help_and_errors() -> None:
    shown = drawn('{% include "components/field.html" with field=form.name only %}', form=SampleForm({}))
    assert 'class="in wide"' in shown
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert re.findall(r' id="([^"]+)"', shown) == ["id_name", "id_name_helptext", "id_name_error"]


def test_django_draws_forms_with_our_parts() -> None:
    shown = SampleForm({}).as_div()
    assert shown.count("This field is required.") == 3
    assert "<fieldset" in shown
    assert 'class="check"' in shown
    assert 'type="hidden" name="secret"' in shown
    assert "(you may skip)" in shown


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html", "403_csrf.html"])
def test_error_pages_need_no_context(name: str) -> None:
    shown = drawn(f'{{% include "{name}" %}}')
    assert "<h1>" in shown
    assert 'href="/home/"' in shown


def test_words_of_people_break_anywhere_so_that_no_message_widens_a_page() -> None:
    css = (ROOT / "static" / "css" / "base.css").read_text()
    assert ".q-txt, .orig, blockquote, bdi { overflow-wrap: anywhere; }" in css


@pytest.mark.parametrize(
    "number, dialled",
    [("+30 210 000 0000", "+302100000000"), (" +30 (210) 000-0000", "+302100000000"), ("210 000", "210000"), ("", "")],
)
def test_a_phone_link_holds_digits_only(number: str, dialled: str) -> None:
    assert drawn("{{ number|dialled }}", number=number) == dialled


def test_an_empty_choice_is_a_dash_and_no_label_is_said_again_in_its_field() -> None:
    class Form(forms.Form):
        one = forms.ChoiceField(choices=[("", "---------"), ("a", "A")], required=False)
        two = forms.CharField(widget=forms.TextInput(attrs={"placeholder": "Two"}))

    assert '<option value="" selected>–</option>' in drawn("{{ form.one|control }}", form=Form())
    assert "placeholder" not in drawn("{{ form.two|control }}", form=Form())
