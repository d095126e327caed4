"""Parts of forms, buttons that share a reason, and bars along time."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from kmop.shared.acts import told_once
from kmop.shared.charts.spans import Axis, scale, span
from kmop.shared.forms import DayField, TextsForm


class ThingForm(TextsForm):
    texts = {"titles": (_("Title"), True, False), "words": (_("Words"), False, True)}
    first = ("on",)

    on = DayField(required=False)


def test_texts_are_asked_for_in_two_languages_and_kept_in_all() -> None:
    form = ThingForm(
        {"titles_en": "Water", "titles_el": "", "words_el": "Νερό"}, initial={"titles": {"fr": "Eau", "el": "x"}}
    )
    assert list(form.fields) == ["on", "titles_en", "titles_el", "words_en", "words_el"]
    assert form.is_valid()
    assert form.facts() == {"on": None, "titles": {"fr": "Eau", "en": "Water"}, "words": {"el": "Νερό"}}


def test_a_needed_text_is_needed_in_one_language() -> None:
    assert ThingForm({"titles_el": "Νερό"}).is_valid()
    form = ThingForm({"on": "tomorrow"})
    assert form.errors == {"titles_en": ["Write it in one language at least."], "on": ["Enter a valid date."]}


def test_a_reason_is_told_once() -> None:
    acts = [
        {"label": "One", "refused": "No.", "id": "one"},
        {"label": "Two", "refused": "", "id": "two"},
        {"label": "Three", "refused": "No.", "id": "three"},
    ]
    assert [one.get("why") for one in told_once(acts)] == ["three", None, None]


def test_a_stretch_of_time_lies_on_its_axis() -> None:
    axis = Axis(date(2026, 1, 1), date(2026, 12, 31))
    assert (axis.at(date(2025, 1, 1)), axis.at(date(2026, 7, 2)), axis.at(date(2027, 1, 1))) == (0.0, 0.5, 1.0)
    drawn = span(axis, date(2026, 1, 1), date(2026, 7, 2), today=date(2026, 7, 2), done=0.5, title="Half")
    assert '<rect class="f1-soft" x="0%" y="4" width="50%" height="10" rx="2"/>' in drawn
    assert '<rect class="f1" x="0%" y="4" width="25%" height="10" rx="2"/>' in drawn
    assert '<rect class="g-now" x="50%" y="0" width="2" height="18"/>' in drawn
    assert "<title>Half</title>" in drawn
    late = span(axis, date(2026, 1, 1), date(2026, 1, 1), today=date(2027, 5, 1), is_late=True)
    assert "g-late" in late
    assert "g-now" not in late


def test_the_scale_names_the_years_that_have_room() -> None:
    assert scale(Axis(date(2025, 12, 20), date(2027, 12, 31))).count("<text") == 2
    assert ">2026<" in scale(Axis(date(2025, 1, 1), date(2026, 12, 31)))
