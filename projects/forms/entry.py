"""One figure of a period: a number, not counted yet or not applicable; breakdown, words, why it is right."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from projects.calculation.cells import TOTAL
from projects.calculation.flag_rules import RULES
from projects.calculation.values import ADDITIVE, BY_PARTS, NOT_REPORTED, Figure, Measure, ValueState
from projects.choices import CellState
from projects.forms.layout import Layout, layouts_of
from projects.forms.numbers import NumberField, as_typed
from projects.queries.entry import EntryRow
from projects.services.inputs import UpdateInput, ValueInput, content_of

NUMBER, NOT_COUNTED, NOT_APPLICABLE = "number", "not_counted", "not_applicable"
KINDS = (
    (NUMBER, _("A number"), _("0 counts: “there were none”")),
    (NOT_COUNTED, _("Not counted yet"), _("say why, and when you will have it")),
    (NOT_APPLICABLE, _("Not applicable"), _("it can't exist in this period")),
)
WORDS_KIND = (NUMBER, _("An answer"), _("in words, with a score if there is one"))
NARRATIVE_LENGTH = 4000
TOP, BOTTOM, TEXT, WHY = "n.", "d.", "text", "a."


class FigureForm(forms.Form):
    """What a partner says of one indicator, period and place. Fields "n.<cell>" and "d.<cell>" follow the indicator.

    "a.<rule>" says why the figure is right though a rule speaks up; those that are not sent stay as they are.
    """

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=[(code, label) for code, label, _sub in KINDS])
    text = forms.CharField(
        label=_("Your answer in words"),
        required=False,
        max_length=NARRATIVE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    narrative = forms.CharField(
        label=_("What helped, what stood in the way"),
        required=False,
        max_length=NARRATIVE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5, "data-count": NARRATIVE_LENGTH}),
    )
    flag_answer = forms.CharField(label=_("Why it is right"), required=False, max_length=1000)
    is_incomplete = forms.BooleanField(label=_("The breakdown is incomplete: not everybody is in it"), required=False)

    def __init__(self, data: Any = None, *, row: EntryRow, language: str) -> None:
        self.row, self.language = row, language
        indicator = row.obligation.indicator
        self.measure = Measure(indicator.measure)
        self.by_parts = self.measure in BY_PARTS
        self.layouts: list[Layout] = layouts_of(row.dimensions, indicator.crossings)
        super().__init__(data, initial=self._initial(), auto_id="f-%s")
        for cell in (TOTAL, *self._cells()):
            self.fields[TOP + cell] = NumberField()
            if self.by_parts:
                self.fields[BOTTOM + cell] = NumberField()

        for code in RULES:
            if not self.is_bound or WHY + code in self.data:
                self.fields[WHY + code] = forms.CharField(required=False, max_length=1000)

    @property
    def kinds(self) -> list[dict[str, Any]]:
        """The choice at the top, as `components/choices.html` takes it."""
        first = WORDS_KIND if self.measure == Measure.QUALITATIVE else KINDS[0]
        chosen = self["kind"].value()
        return [
            {"value": code, "label": label, "sub": sub, "checked": chosen == code}
            for code, label, sub in (first, *KINDS[1:])
        ]

    @property
    def adds_up(self) -> bool:
        """The fields of the breakdown give the total, which may stay empty."""
        return len(self.layouts) == 1 and self.layouts[0].is_whole and self.measure in ADDITIVE

    @property
    def says_anything_new(self) -> bool:
        """Whether anything but the version differs from what is kept."""
        return bool(set(self.changed_data) - {"version"})

    def _cells(self) -> list[str]:
        return [place.cell for layout in self.layouts for place in layout.cells]

    def _initial(self) -> dict[str, Any]:
        update, figures = self.row.update, self.row.figures
        total = figures.get(TOTAL, NOT_REPORTED)
        initial: dict[str, Any] = {"version": update.version if update else 0, "kind": _kind(total, update)}
        if update:
            initial |= {
                "narrative": update.narrative,
                "flag_answer": update.flag_answer,
                "is_incomplete": update.is_incomplete,
            }
        initial |= {WHY + code: text for code, text in self._answered().items()}
        initial[TEXT] = total.text
        for cell, one in figures.items():
            initial[TOP + cell] = as_typed(one.numerator)
            initial[BOTTOM + cell] = as_typed(one.denominator)
        if self.adds_up and len(figures) > 1 and not (update and update.is_incomplete):
            initial[TOP] = ""
        return initial

    def _answered(self) -> dict[str, str]:
        return dict(content_of(self.row.update).flag_answers) if self.row.update else {}

    def clean(self) -> dict[str, Any]:
        """Why it isn't counted must be said."""
        cleaned = super().clean() or {}
        if cleaned.get("kind") == NOT_COUNTED and not cleaned.get("narrative", "").strip():
            self.add_error("narrative", _("Say in a sentence why it isn't counted yet, and when you will have it."))
        return cleaned

    def with_errors(self, other: "FigureForm") -> "FigureForm":
        """This form with what another one was refused for: a second look would not find what the service said."""
        self._errors = other.errors
        self.cleaned_data: dict[str, Any] = {}
        return self

    # ------------------------------------------------------------ towards the service
    def content(self, before: UpdateInput) -> UpdateInput:
        """What the service takes; what `before` says of cells that the form doesn't show is kept."""
        kind, narrative = self.cleaned_data["kind"], self.cleaned_data["narrative"].strip()
        values, total = self._numbers(before) if kind == NUMBER else ((), None)
        if kind == NOT_APPLICABLE:
            total = ValueInput(state=CellState.NOT_APPLICABLE)
        return UpdateInput(
            values=values,
            total=total,
            narrative=narrative,
            language=(before.language or self.language) if narrative else "",
            is_incomplete=self.cleaned_data["is_incomplete"],
            flag_answer=self.cleaned_data["flag_answer"].strip(),
            external_id=before.external_id,
            flag_answers=self._answers(before),
        )

    def _answers(self, before: UpdateInput) -> dict[str, str]:
        given = {code: self.cleaned_data[WHY + code].strip() for code in RULES if WHY + code in self.cleaned_data}
        return {code: text for code, text in {**before.flag_answers, **given}.items() if text}

    def _numbers(self, before: UpdateInput) -> tuple[tuple[ValueInput, ...], ValueInput | None]:
        given = {cell: self._value(cell) for cell in self._cells()}
        said = {cell: one for cell, one in given.items() if not _is_blank(one)}
        for one in before.values:
            cell = str(one.cell)
            if cell not in given or (cell not in said and one.state == CellState.NOT_APPLICABLE):
                said[cell] = one
        total = self._value(TOTAL)
        return tuple(said.values()), None if _is_blank(total) else total

    def _value(self, cell: str) -> ValueInput:
        text = self.cleaned_data[TEXT].strip() if cell == TOTAL and self.measure == Measure.QUALITATIVE else ""
        return ValueInput(cell, self.cleaned_data.get(TOP + cell), self.cleaned_data.get(BOTTOM + cell), text)

    def take_errors(self, error: ValidationError, content: UpdateInput) -> None:
        """Put what the service refused at the field it is about; what has none is told above."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for path, problems in error.error_dict.items():
            self.add_error(self._field_of(path, content), problems)

    def _field_of(self, path: str, content: UpdateInput) -> str | None:
        parts = path.split("/")
        if parts[0] == "values" and len(parts) > 1:
            cell = str(content.values[int(parts[1])].cell)
        elif parts[0] == "total":
            cell = TOTAL
        else:
            return path if path in self.fields else None
        name = (BOTTOM if parts[-1] == "denominator" else TOP) + cell
        return name if name in self.fields else None


def _is_blank(one: ValueInput) -> bool:
    return one.numerator is None and one.denominator is None and not one.text


def _kind(total: Figure, update: Any) -> str:
    if total.state == ValueState.NOT_APPLICABLE and total.numerator is None:
        return NOT_APPLICABLE
    if update is not None and total.state == ValueState.NOT_REPORTED and update.narrative:
        return NOT_COUNTED
    return NUMBER
