"""Who may read and answer voices, open what is protected, and record needs and decisions."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole
from kmop.shared.access import ALLOWED, PUBLIC, Verdict, ask, refused, rule
from projects.choices import ProjectRoleName
from projects.rules import held_by

if TYPE_CHECKING:
    from beneficiaries.models import Feedback
    from projects.models import Project

STAFF = (ProjectRoleName.PROJECT_MANAGER, ProjectRoleName.ME_OFFICER)


def _is_staff(user: Any, project_id: int | None) -> bool:
    """Portfolio managers everywhere; managers and M&E officers in their projects (`None`: a message of no project)."""
    if user.has_role(PortalRole.PORTFOLIO_MANAGER):
        return True
    return project_id is not None and held_by(user).has(project_id, STAFF)


@rule("beneficiaries.leave_feedback", public=True)
def may_leave_feedback(user: Any, obj: Any) -> Verdict:
    """Everybody, through the public form's service account, a channel's client, or staff at the hotline."""
    return ask(user, PUBLIC)


@rule("beneficiaries.read_voices")
def may_read_voices(user: Any, obj: Any) -> Verdict:
    """Staff of any project; which messages they see is the queryset's word."""
    if user.has_role(PortalRole.PORTFOLIO_MANAGER) or held_by(user).has_any(STAFF):
        return ALLOWED
    return refused(_("Only staff of a project read its messages."))


@rule("beneficiaries.read_feedback")
def may_read_feedback(user: Any, feedback: "Feedback") -> Verdict:
    """Staff of its project; a partner with whom it was shared, unless it is about somebody's conduct."""
    if _is_staff(user, feedback.project_id):
        return ALLOWED
    if not feedback.is_about_conduct and feedback.shared_with.filter(memberships__user_id=user.pk).exists():
        return ALLOWED
    return refused(_("Only staff of the project read this message."))


@rule("beneficiaries.answer_feedback")
def may_answer_feedback(user: Any, feedback: "Feedback") -> Verdict:
    """Staff of its project."""
    if _is_staff(user, feedback.project_id):
        return ALLOWED
    return refused(_("Only staff of the project answer this message."))


@rule("beneficiaries.open_sensitive")
def may_open_sensitive(user: Any, obj: Any) -> Verdict:
    """Safeguarding focal points, and nobody else."""
    if user.has_role(PortalRole.SAFEGUARDING_FOCAL_POINT) and not user.is_service:
        return ALLOWED
    return refused(_("Only safeguarding focal points open this door."))


@rule("beneficiaries.manage_needs")
def may_manage_needs(user: Any, project: "Project") -> Verdict:
    """Staff of the project."""
    if _is_staff(user, project.pk):
        return ALLOWED
    return refused(_("Only staff of the project record needs and decisions."))


@rule("beneficiaries.view_needs")
def may_view_needs(user: Any, project: "Project") -> Verdict:
    """Whoever sees the project."""
    return ask(user, "projects.view", project)


@rule("beneficiaries.escalate")
def may_escalate(user: Any, obj: Any) -> Verdict:
    """The timetable's service account."""
    return ALLOWED if user.is_service else refused(_("The timetable does this by itself."))
