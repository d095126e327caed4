"""Parts of forms: texts in English and Greek, days chosen in a calendar."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FIRST = "en"
LANGUAGES = ((FIRST, _("in English")), ("el", _("in Greek")))


class TextsForm(forms.Form):
    """Mixin: for each name in `texts` one field a language; `facts()` gives them back as one mapping.

    `texts` maps a name to its label, whether one language at least is needed, and whether it is long.
    """

    texts: ClassVar[Mapping[str, tuple[Any, bool, bool]]] = {}
    first: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, initial: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        self.before = {name: dict((initial or {}).get(name) or {}) for name in self.texts}
        spread = {f"{name}_{code}": self.before[name].get(code, "") for name in self.texts for code, _word in LANGUAGES}
        kwargs["initial"] = {**(initial or {}), **spread}
        super().__init__(*args, **kwargs)
        for name, (label, is_needed, is_long) in self.texts.items():
            for code, word in LANGUAGES:
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=f"{label} {word}",
                    required=False,
                    max_length=5000 if is_long else 300,
                    help_text=_("One language at least is needed.") if is_needed and code == FIRST else "",
                    widget=forms.Textarea(attrs={"rows": 4}) if is_long else forms.TextInput(),
                )
        self.order_fields([*self.first, *(f"{name}_{code}" for name in self.texts for code, _word in LANGUAGES)])

    def clean(self) -> dict[str, Any]:
        """One language at least where a text is needed."""
        cleaned = super().clean() or {}
        for name, (_label, is_needed, _is_long) in self.texts.items():
            if is_needed and not any(cleaned.get(f"{name}_{code}") for code, _word in LANGUAGES):
                self.add_error(
                    f"{name}_{FIRST}", ValidationError(_("Write it in one language at least."), code="required")
                )
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What was written, with each text as a mapping of language to text; other languages are kept."""
        given = dict(self.cleaned_data)
        for name in self.texts:
            own = {code: given.pop(f"{name}_{code}") for code, _word in LANGUAGES}
            given[name] = {code: text for code, text in {**self.before[name], **own}.items() if text}
        return given


def day_input() -> forms.DateInput:
    """The browser's own way to choose a day."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day, chosen with the browser's calendar."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=day_input(), input_formats=["%Y-%m-%d"], **options)
