"""What is acceptable in messages, needs and decisions, whichever door it comes through."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from beneficiaries.choices import AgeBand, Channel, Disability, Sex
from kmop.shared.access import ask
from kmop.shared.languages import check_language

if TYPE_CHECKING:
    from beneficiaries.models import Feedback
    from beneficiaries.services.feedback import NewFeedback
    from partners.models import Organisation

LONGEST_TEXT = 20_000
LONGEST_REASON = 300


def text_is_given(text: str) -> None:
    """A message has words, and not more than 20,000 characters of them."""
    if not text.strip():
        raise ValidationError({"text": [_("Write a few words.")]})
    if len(text) > LONGEST_TEXT:
        raise ValidationError({"text": [_("This is longer than 20,000 characters. Please send it in two messages.")]})
    if "\x00" in text:
        raise ValidationError({"text": [_("The text holds a sign that can't be kept (NUL).")]})


def reason_is_given(reason: str) -> None:
    """Opening what is protected, refusing and deciding need a reason."""
    if not reason.strip():
        raise ValidationError({"reason": [_("Give the reason.")]})
    if "\x00" in reason:
        raise ValidationError({"reason": [_("The text holds a sign that can't be kept (NUL).")]})


def reason_is_short(reason: str) -> None:
    """The reason of an opening is a sentence."""
    reason_is_given(reason)
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": [_("At most 300 characters.")]})


def feedback_is_readable(content: "NewFeedback") -> None:
    """Text, and only known words of channel, sex, age and disability."""
    text_is_given(content.text)
    known = {"channel": Channel, "sex": Sex, "age_band": AgeBand, "disability": Disability}
    wrong: dict[str, list[Any]] = {
        name: [_("Allowed are: %(words)s.") % {"words": ", ".join(words.values)}]
        for name, words in known.items()
        if getattr(content, name) not in words.values
    }
    if len(content.contact) > 200 or "\x00" in content.contact:
        wrong["contact"] = [_("At most 200 characters.")]
    if wrong:
        raise ValidationError(wrong)
    check_language(content.language)


def is_not_sensitive(content: "NewFeedback") -> None:
    """A sensitive message goes through its own door, one by one."""
    if content.is_sensitive:
        raise ValidationError({"is_sensitive": [_("A sensitive message is entered by itself.")]})


def only_known(changes: Mapping[str, Any], allowed: Iterable[str]) -> None:
    """Only the fields that this act changes."""
    unknown = sorted(set(changes) - set(allowed))
    if unknown:
        raise ValidationError({name: [_("This can't be changed here.")] for name in unknown})


def belongs_to_project(project_id: int | None, **linked: Any) -> None:
    """What is linked (a need, an activity, an indicator, a budget line, a message) is of this very project."""
    wrong = [name for name, obj in linked.items() if obj is not None and obj.project_id != project_id]
    if wrong:
        raise ValidationError({name: [_("This belongs to another project.")] for name in wrong})


def may_be_assigned(feedback: "Feedback", person: Any) -> None:
    """Who is to answer a message may do so."""
    if person is not None and not ask(person, "beneficiaries.answer_feedback", feedback):
        raise ValidationError({"assigned_to": [_("This person may not answer messages of this project.")]})


def is_partner_of(feedback: "Feedback", organisation: "Organisation") -> None:
    """A message is shared only within its project."""
    project = feedback.project
    if project is None or not project.partnerships.filter(organisation=organisation).exists():
        raise ValidationError({"organisation": [_("This organisation is no partner of the project.")]})
