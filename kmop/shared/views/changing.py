"""Forms that change one row: who was overtaken is told so and keeps what was typed."""

from typing import Any

from django import forms
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from kmop.shared.errors import DomainError, Sentence, Stale
from kmop.shared.models import Versioned
from kmop.shared.views.base import FormPage

LOST = _(
    "Somebody changed this in the meantime, so nothing was saved. What you typed is still here: "
    "save again to put it in place of theirs, or cancel and look first."
)


def with_version(form: BaseForm, row: Versioned) -> BaseForm:
    """The form with the version of the row that is being changed."""
    form.fields["version"] = forms.IntegerField(required=False, widget=forms.HiddenInput, initial=row.version)
    return form


class ChangesRow(FormPage):
    """A form that carries the version it shows; `save` takes `version` out of the form's facts and hands it on."""

    abstract = True

    def versioned(self) -> Versioned:
        """The row as it is now."""
        raise NotImplementedError

    def get_form(self, **given: Any) -> BaseForm:
        """With the version that is being changed."""
        return with_version(super().get_form(**given), self.versioned())

    def refusal(self, form: Any, error: DomainError) -> Sentence:
        """A lost race in words; the form goes on from the version that won."""
        if not isinstance(error, Stale):
            return super().refusal(form, error)
        row = self.versioned()
        form.data = form.data.copy()
        form.data["version"] = type(row)._base_manager.values_list("version", flat=True).get(pk=row.pk)
        return LOST
