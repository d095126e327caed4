"""Forms of the public pages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from beneficiaries.choices import AgeBand, Channel, Disability, Sex
from beneficiaries.services.feedback import NewFeedback
from beneficiaries.validators import LONGEST_TEXT
from kmop.shared.languages import own_name
from projects.models import Place, Project

NO_HELP = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"}
REQUIRED = {"required": _("Please write this.")}


def language_choices(project: Project | None) -> list[tuple[str, str]]:
    """The project's own languages and those of the public pages, each named in itself."""
    codes = dict.fromkeys([*(project.languages if project else []), *settings.PUBLIC_LANGUAGES])
    return [(code, own_name(code)) for code in codes]


def skippable(words: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Choices that may be left out; "not said" is the same as nothing."""
    return [("", ""), *(one for one in words if one[0] != Sex.NOT_STATED)]


def text_area(rows: int) -> forms.Textarea:
    """A field for several lines, in whatever direction the writer's script runs."""
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def said_in(data: dict[str, Any]) -> dict[str, Any]:
    """The fields of a message in cleaned data; what was skipped is "not said"."""
    return {
        "text": data["text"],
        "language": data["language"],
        "place": data["place"],
        "sex": data["sex"] or Sex.NOT_STATED,
        "age_band": data["age_band"] or AgeBand.NOT_STATED,
        "disability": data["disability"] or Disability.NOT_STATED,
        "contact": data["contact"],
        "may_quote": data["may_quote"],
        "is_sensitive": data["is_sensitive"],
    }


class PlainForm(forms.Form):
    """A form whose labels end without a colon."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **{"label_suffix": "", **kwargs})


class MessageForm(PlainForm):
    """What a person leaves, whoever types it."""

    is_sensitive = forms.BooleanField(
        label=_("This is about abuse, exploitation, fraud or somebody's safety"), required=False
    )
    text = forms.CharField(label=_("Your message, in your language"), widget=text_area(5), error_messages=REQUIRED)
    place = forms.ModelChoiceField(label=_("Where"), queryset=Place.objects.none(), required=False, empty_label="")
    language = forms.ChoiceField(label=_("Language of your message"))
    sex = forms.ChoiceField(label=_("You are"), choices=skippable(Sex.choices), required=False)
    age_band = forms.ChoiceField(label=_("Your age"), choices=skippable(AgeBand.choices), required=False)
    disability = forms.ChoiceField(label=_("Disability"), choices=skippable(Disability.choices), required=False)
    contact = forms.CharField(
        label=_("How can we reach you?"),
        help_text=_("You can read our answer here without it."),
        max_length=200,
        required=False,
    )
    may_quote = forms.BooleanField(label=_("You may show my words to others, without my name"), required=False)

    channel: str = Channel.WEB

    def __init__(self, data: Any = None, *, project: Project, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        places: Any = self.fields["place"]
        places.queryset = Place.objects.unprotected().filter(projects=project)
        languages: Any = self.fields["language"]
        languages.choices = language_choices(project)
        languages.initial = get_language()

    def clean_text(self) -> str:
        """At most as long as the service takes."""
        text = str(self.cleaned_data["text"])
        if len(text) > LONGEST_TEXT:
            raise forms.ValidationError(_("This is longer than 20,000 characters. Please send it in two messages."))
        return text

    def content(self) -> NewFeedback:
        """The message, for the service."""
        return NewFeedback(channel=self.channel, **said_in(self.cleaned_data))


class PublicFeedbackForm(MessageForm):
    """The public page's form. `website` is a trap for machines: people don't see it."""

    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_website(self) -> str:
        """Nobody who sees the page fills the trap."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave this field empty."), code="trap")
        return ""


class ReceiptForm(PlainForm):
    """Code and PIN."""

    code = forms.CharField(
        label=_("Code"), max_length=80, widget=forms.TextInput(attrs=NO_HELP), error_messages=REQUIRED
    )
    pin = forms.CharField(
        label=_("PIN"),
        max_length=40,
        widget=forms.TextInput(attrs={**NO_HELP, "inputmode": "numeric"}),
        error_messages=REQUIRED,
    )


class ReplyForm(PlainForm):
    """A further message of the person."""

    text = forms.CharField(label=_("Write again"), widget=text_area(4), error_messages=REQUIRED)
