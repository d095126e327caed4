"""Allowed words of voices and needs, and the audit actions of this app."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from beneficiaries.calculation.needs import NeedState as State
from kmop.notifications.choices import kind
from kmop.shared.tables import Badge


class Channel(models.TextChoices):
    """The door a message came through."""

    WEB = "web", _("Web form")
    QR_POSTER = "qr_poster", _("QR poster")
    API = "api", _("API")
    SMS = "sms", _("SMS")
    PAPER = "paper", _("Paper")
    HOTLINE = "hotline", _("Hotline")


class FeedbackKind(models.TextChoices):
    """The first level of the coding frame."""

    QUESTION = "question", _("Question")
    REQUEST = "request", _("Request")
    PRAISE = "praise", _("Thanks")
    COMPLAINT = "complaint", _("Complaint")
    RUMOUR = "rumour", _("Rumour")


class FeedbackState(models.TextChoices):
    """Where a message stands."""

    NEW = "new", _("New")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Sex(models.TextChoices):
    """Told by the person, or not."""

    FEMALE = "female", _("Woman")
    MALE = "male", _("Man")
    OTHER = "other", _("Another")
    NOT_STATED = "not_stated", _("Not said")


class AgeBand(models.TextChoices):
    """Told by the person, or not."""

    UNDER_15 = "0-14", _("Under 15")
    A15 = "15-17", _("15–17")
    A18 = "18-24", _("18–24")
    A25 = "25-39", _("25–39")
    A40 = "40-64", _("40–64")
    A65 = "65+", _("65 and over")
    NOT_STATED = "not_stated", _("Not said")


class Disability(models.TextChoices):
    """Told by the person, or not."""

    YES = "yes", _("Lives with a disability")
    NO = "no", _("Lives without a disability")
    NOT_STATED = "not_stated", _("Not said")


class MessageFrom(models.TextChoices):
    """Who wrote a further message."""

    PERSON = "person", _("The person")
    STAFF = "staff", _("Staff")


class NeedState(models.TextChoices):
    """voiced > confirmed > answered > met, or refused. Only the people make a need met."""

    VOICED = State.VOICED.value, _("Voiced")
    CONFIRMED = State.CONFIRMED.value, _("Confirmed")
    ANSWERED = State.ANSWERED.value, _("Answered")
    MET = State.MET.value, _("Met")
    REFUSED = State.REFUSED.value, _("Refused")


class ConfirmedBy(models.TextChoices):
    """The way by which a person says that a need is met, or is not."""

    RECEIPT = "receipt", _("Receipt")
    ROUND = "round", _("Round")
    PANEL = "panel", _("Panel")


class Outcome(models.TextChoices):
    """What was decided."""

    ACCEPT = "accept", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


# how every page shows the state of a need and what was decided
NEED_BADGES = {
    NeedState.VOICED: Badge(_("No decision"), "bad", "circle-dashed"),
    NeedState.CONFIRMED: Badge(NeedState.CONFIRMED.label, "warn", "clock"),
    NeedState.ANSWERED: Badge(NeedState.ANSWERED.label, "info", "handshake"),
    NeedState.MET: Badge(NeedState.MET.label, "ok", "circle-check"),
    NeedState.REFUSED: Badge(NeedState.REFUSED.label, "", "ban"),
}
OUTCOME_BADGES = {
    Outcome.ACCEPT: Badge(Outcome.ACCEPT.label, "ok", "check"),
    Outcome.PARTLY: Badge(Outcome.PARTLY.label, "info", "split"),
    Outcome.NO: Badge(Outcome.NO.label, "", "ban"),
}


class Right(models.TextChoices):
    """The right a need stands on."""

    EU_CHARTER = "eu_charter", _("EU Charter of Fundamental Rights")
    CRC = "crc", _("Convention on the Rights of the Child")
    CRPD = "crpd", _("Convention on the Rights of Persons with Disabilities")
    CEDAW = "cedaw", _("Convention on discrimination against women")
    ESC = "esc", _("European Social Charter")


class Action(models.TextChoices):
    """What the audit trail calls the acts of this app. No text of a message ever goes with them."""

    FEEDBACK_RECEIVED = "feedback.received", _("Feedback received")
    FEEDBACK_TRIAGED = "feedback.triaged", _("Feedback triaged")
    FEEDBACK_ACKNOWLEDGED = "feedback.acknowledged", _("Feedback acknowledged")
    FEEDBACK_ANSWERED = "feedback.answered", _("Feedback answered")
    FEEDBACK_REPLIED = "feedback.replied", _("Person replied")
    FEEDBACK_WITHDRAWN = "feedback.withdrawn", _("Feedback withdrawn")
    FEEDBACK_ERASED = "feedback.erased", _("Feedback erased")
    FEEDBACK_SHARED = "feedback.shared", _("Feedback shared with a partner")
    FEEDBACK_CLOSED = "feedback.closed", _("Feedback closed")
    FEEDBACK_HANDED_OVER = "feedback.handed_over", _("Handed over to safeguarding")
    NEED_CREATED = "need.created", _("Need recorded")
    NEED_CHANGED = "need.changed", _("Need changed")
    NEED_RANKED = "need.ranked", _("Needs ranked")
    NEED_CONFIRMED = "need.confirmed", _("Need confirmed as met by a person")
    DECISION_RECORDED = "decision.recorded", _("Decision recorded")


class VoiceNotice:
    """Kinds of notices about voices; never a word of a message."""

    RECEIVED = kind("beneficiaries.feedback_received", _("A new message arrived: %(reference)s."))
    REPLIED = kind("beneficiaries.feedback_replied", _("The person of message %(reference)s wrote again."))
    ASSIGNED = kind("beneficiaries.feedback_assigned", _("Message %(reference)s is yours to answer."))
    OVERDUE = kind("beneficiaries.feedback_overdue", _("Messages that wait past their promised day: %(count)s."))
    PROTECTED = kind("beneficiaries.protected", _("Something waits behind the protected door."))
