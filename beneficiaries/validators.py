"""What is acceptable in messages, needs and decisions, whichever door it comes through."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from beneficiaries.choices import AgeBand, Channel, Disability, Sex

if TYPE_CHECKING:
    from beneficiaries.models import Feedback
    from beneficiaries.services.feedback import NewFeedback
    from projects.models import Project

LONGEST_TEXT = 20_000


def text_is_given(text: str) -> None:
    """A message has words, and not more than 20,000 characters of them."""
    if not text.strip():
        raise ValidationError({"text": [_("Write a few words.")]})
    if len(text) > LONGEST_TEXT:
        raise ValidationError({"text": [_("This is longer than 20,000 characters. Please send it in two messages.")]})
    if "\x00" in text:
        raise ValidationError({"text": [_("The text holds a sign that can't be kept (NUL).")]})


def reason_is_given(reason: str) -> None:
    """Opening what is protected needs a reason."""
    if not reason.strip():
        raise ValidationError({"reason": [_("Give the reason why you open this message.")]})
    if len(reason) > 300:
        raise ValidationError({"reason": [_("At most 300 characters.")]})


def feedback_is_readable(content: "NewFeedback", project: "Project | None") -> None:
    """Text, and only known words of channel, sex, age and disability."""
    text_is_given(content.text)
    known = {"channel": Channel, "sex": Sex, "age_band": AgeBand, "disability": Disability}
    wrong: dict[str, list[Any]] = {
        name: [_("Allowed are: %(words)s.") % {"words": ", ".join(words.values)}]
        for name, words in known.items()
        if getattr(content, name) not in words.values
    }
    if len(content.contact) > 200:
        wrong["contact"] = [_("At most 200 characters.")]
    if len(content.language) > 10:
        wrong["language"] = [_("Give a language code such as el or ar.")]
    if wrong:
        raise ValidationError(wrong)


def only_known(changes: Mapping[str, Any], allowed: Iterable[str]) -> None:
    """Only the fields that this act changes."""
    unknown = sorted(set(changes) - set(allowed))
    if unknown:
        raise ValidationError({name: [_("This can't be changed here.")] for name in unknown})


def belongs_to_project(feedback: "Feedback", need: Any) -> None:
    """A need that a message stands behind is one of its project."""
    if need is not None and need.project_id != feedback.project_id:
        raise ValidationError({"need": [_("This need belongs to another project.")]})
