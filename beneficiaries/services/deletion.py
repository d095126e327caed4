"""Deleting a message so that clients that keep a copy are told."""

from beneficiaries.models import Feedback
from kmop.shared.models import Tombstone
from kmop.shared.slots import filled


def delete_feedback(feedback: Feedback) -> None:
    """Delete the message with its replies and its receipt, within the caller's transaction; a tombstone stays.

    Whoever above keeps a copy of its words (slot beneficiaries.feedback_deleted) takes them out.
    """
    kind, scope = Feedback._meta.label_lower, str(feedback.project_id or "")
    Tombstone.objects.create(kind=kind, object_id=str(feedback.pk), scope=scope)
    Feedback.objects.filter(pk=feedback.pk).delete()
    filled("beneficiaries.feedback_deleted", feedback_id=feedback.pk)
