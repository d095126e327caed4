"""Forms of staff: triage and answer, the hotline, the protected door."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beneficiaries.choices import Channel, FeedbackKind
from beneficiaries.forms.public import MessageForm, PlainForm, language_choices, said_in, text_area
from beneficiaries.models import Feedback, Need
from beneficiaries.queries.inbox import FeedbackDetail
from beneficiaries.services.feedback import TRIAGED, NewFeedback
from beneficiaries.validators import LONGEST_REASON, LONGEST_TEXT
from kmop.accounts.models import User
from projects.models import Place, Project

NONE = [("", "–")]


class TriageForm(forms.ModelForm[Feedback]):
    """What a message is about, where it belongs, who answers it, and the answer itself."""

    answer = forms.CharField(
        label=_("Answer, in plain words"), widget=text_area(5), max_length=LONGEST_TEXT, required=False
    )
    answer_language = forms.ChoiceField(label=_("Language of the answer"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Feedback
        fields = TRIAGED
        widgets = {"translation": text_area(3), "paraphrase": text_area(2)}
        labels = {
            "kind": _("What it is"),
            "place": _("Place"),
            "need": _("Need"),
            "assigned_to": _("Who answers"),
            "priority": _("Urgent"),
        }
        help_texts = {
            "paraphrase": _(
                "In your words, for others to read. The message itself is shown only if its writer said yes."
            ),
            "is_about_conduct": _("About a partner's or a person's conduct: never shared with a partner."),
        }

    def __init__(self, data: Any = None, *, detail: FeedbackDetail, me: User) -> None:
        super().__init__(data, instance=detail.feedback, label_suffix="")
        fields: dict[str, Any] = self.fields
        project = detail.feedback.project
        fields["place"].queryset = Place.objects.unprotected().filter(projects=project)
        fields["place"].choices = [*NONE, *((one.pk, str(one)) for one in fields["place"].queryset)]
        fields["need"].queryset = Need.objects.filter(project=project)
        fields["need"].choices = [*NONE, *((one.pk, str(one)) for one in detail.needs)]
        people = {one.pk: one for one in (me, *detail.staff)}
        fields["assigned_to"].queryset = User.objects.filter(pk__in=people)
        fields["assigned_to"].choices = [*NONE, *((pk, str(one)) for pk, one in people.items())]
        fields["kind"].choices = [*NONE, *FeedbackKind.choices]
        fields["language"] = forms.ChoiceField(
            label=_("Its language"), required=False, choices=self._languages(project)
        )
        fields["answer_language"].choices = self._languages(project)
        self.initial.setdefault("answer_language", detail.feedback.language)
        self.initial["version"] = detail.feedback.version

    def _languages(self, project: Project | None) -> list[tuple[str, str]]:
        return [*NONE, *language_choices(project)]

    def _post_clean(self) -> None:
        """The row is changed by the service alone."""

    def changes(self) -> dict[str, Any]:
        """What was changed, for the service."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name in TRIAGED}


class HotlineForm(MessageForm):
    """A message that staff write down while somebody tells it."""

    channel = forms.ChoiceField(  # type: ignore[assignment]
        label=_("How it came"),
        choices=[(one.value, one.label) for one in (Channel.HOTLINE, Channel.PAPER, Channel.SMS)],
    )

    field_order = ("is_sensitive", "channel", "text")

    def __init__(self, data: Any = None, *, project: Project, **kwargs: Any) -> None:
        super().__init__(data, project=project, **kwargs)
        self.order_fields(self.field_order)
        self.fields["text"].label = _("What the person says, in her words")
        self.fields["contact"].label = _("How to reach the person")
        self.fields["contact"].help_text = ""
        self.fields["sex"].label, self.fields["age_band"].label = _("Sex"), _("Age")
        self.fields["may_quote"].label = _("The person says that we may show these words, without a name")

    def content(self) -> NewFeedback:
        """The message, by the channel chosen."""
        return NewFeedback(channel=self.cleaned_data["channel"], **said_in(self.cleaned_data))


class ReasonForm(PlainForm):
    """Why a protected message is opened."""

    reason = forms.CharField(
        label=_("Why do you open it?"), help_text=_("Kept with your name and the time."), max_length=LONGEST_REASON
    )


class ProtectedAnswerForm(PlainForm):
    """An answer to a protected message; the reason goes along."""

    text = forms.CharField(label=_("Answer, in plain words"), widget=text_area(5), max_length=LONGEST_TEXT)
