"""What people say: messages, answers, receipts; and the sealed table of sensitive messages."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beneficiaries.choices import AgeBand, Channel, Disability, FeedbackKind, FeedbackState, MessageFrom, Sex
from beneficiaries.rules import STAFF
from kmop.accounts.choices import PortalRole
from kmop.shared.models import Versioned
from partners.models import Organisation
from projects.models import Place, Project


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    """Spoken adjectives of messages."""

    def visible_to(self, user: Any) -> "FeedbackQuerySet":
        """Staff of the project; a partner only what was shared with it and is not about a partner's conduct."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(PortalRole.PORTFOLIO_MANAGER):
            return self
        shared = Q(shared_with__memberships__user=user, is_about_conduct=False)
        staff = Project.objects.managed_by(user, *STAFF)
        return self.filter(pk__in=self.model.objects.filter(Q(project__in=staff) | shared).values("pk"))

    def open(self) -> "FeedbackQuerySet":
        """Waits for an answer."""
        return self.filter(state__in=[FeedbackState.NEW, FeedbackState.ACKNOWLEDGED])

    def answered(self) -> "FeedbackQuerySet":
        """Answered or closed."""
        return self.filter(state__in=[FeedbackState.ANSWERED, FeedbackState.CLOSED])

    def quotable(self) -> "FeedbackQuerySet":
        """May stand outside the inbox: by its writer's yes, or as a paraphrase of staff; never one about conduct."""
        rows = self.exclude(state=FeedbackState.WITHDRAWN).filter(is_about_conduct=False)
        return rows.filter(Q(may_quote=True) | ~Q(paraphrase=""))

    def overdue_on(self, day: date) -> "FeedbackQuerySet":
        """Open, and promised for a day before `day`."""
        return self.open().filter(promised_on__lt=day)


class Feedback(Versioned):
    """A message of a person. Its reference is random. The text is never in logs, audit, mail or addresses."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, blank=True, related_name="feedback")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.CharField(_("Channel"), max_length=10, choices=Channel, default=Channel.WEB)
    language = models.CharField(_("Language"), max_length=10, blank=True)
    text = models.TextField(_("Message"))
    translation = models.TextField(_("Translation"), blank=True)
    paraphrase = models.TextField(_("Paraphrase"), blank=True)
    may_quote = models.BooleanField(_("May be quoted"), default=False)
    kind = models.CharField(_("Kind"), max_length=10, choices=FeedbackKind, blank=True)
    sex = models.CharField(_("Sex"), max_length=10, choices=Sex, default=Sex.NOT_STATED)
    age_band = models.CharField(_("Age"), max_length=10, choices=AgeBand, default=AgeBand.NOT_STATED)
    disability = models.CharField(_("Disability"), max_length=10, choices=Disability, default=Disability.NOT_STATED)
    contact = models.CharField(_("How to reach the person"), max_length=200, blank=True)
    state = models.CharField(_("State"), max_length=12, choices=FeedbackState, default=FeedbackState.NEW)
    priority = models.BooleanField(_("Urgent"), default=False)
    is_about_conduct = models.BooleanField(_("About somebody's conduct"), default=False)
    shared_with = models.ManyToManyField(Organisation, blank=True, related_name="+")
    need = models.ForeignKey("Need", on_delete=models.SET_NULL, null=True, blank=True, related_name="voices")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    received_at = models.DateTimeField()
    promised_on = models.DateField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    external_id = models.CharField(max_length=100, blank=True)
    search_text = models.TextField(editable=False, default="")

    objects: ClassVar[Any] = FeedbackQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "id"]
        indexes = [
            models.Index(fields=["project", "-received_at"], name="feedback_project_received"),
            models.Index(fields=["state", "promised_on"], name="feedback_state_promised"),
        ]

    def __str__(self) -> str:
        return self.reference


class Message(models.Model):
    """A further message on a piece of feedback: an answer of staff, or a reply of the person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="messages")
    sender = models.CharField(max_length=10, choices=MessageFrom)
    text = models.TextField()
    language = models.CharField(max_length=10, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return str(self.pk)


class SensitiveQuerySet(models.QuerySet["SensitiveReport"]):
    """Spoken adjectives of sensitive messages."""

    def visible_to(self, user: Any) -> "SensitiveQuerySet":
        """Focal points see that they are there; nobody else does."""
        is_hers = user.is_authenticated and user.is_active and not user.is_service
        return self if is_hers and user.has_role(PortalRole.SAFEGUARDING_FOCAL_POINT) else self.none()


class SensitiveReport(models.Model):
    """A sensitive message: only ciphertext, a random id, and what focal points need to find it.

    `sealed` holds text, project and all else, encrypted (AES-GCM, bound to the id); no list, count, search or export
    of anybody else touches this table.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=16)
    received_at = models.DateTimeField()
    first_opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = SensitiveQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)


class SensitiveOpening(models.Model):
    """Who opened a sensitive message, when, and for which reason: a log of its own."""

    report = models.ForeignKey(SensitiveReport, on_delete=models.CASCADE, related_name="openings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return str(self.pk)


class Receipt(models.Model):
    """What a person without an account keeps: HMAC of the code (look-up), Argon2 of the PIN, wrong tries.

    `wrong_tries` and `tried_at` (of the last wrong one) say whether it is locked. It opens a message or a sensitive
    report; one of the two is set.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code_mac = models.CharField(max_length=64, unique=True)
    pin_hash = models.CharField(max_length=200)
    feedback = models.OneToOneField(Feedback, on_delete=models.CASCADE, null=True, blank=True, related_name="receipt")
    sensitive = models.OneToOneField(
        SensitiveReport, on_delete=models.CASCADE, null=True, blank=True, related_name="receipt"
    )
    wrong_tries = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(feedback=None, sensitive__isnull=False) | Q(feedback__isnull=False, sensitive=None),
                name="receipt_of_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
