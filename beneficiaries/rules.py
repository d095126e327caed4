"""Who may read and answer voices, open what is protected, and record needs and decisions."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from beneficiaries.models import Feedback
from kmop.accounts.choices import PortalRole
from kmop.shared.access import ALLOWED, PUBLIC, Verdict, ask, refused, rule
from partners.models import works_at_home
from projects.choices import ProjectRoleName
from projects.models import Project

STAFF = (ProjectRoleName.PROJECT_MANAGER, ProjectRoleName.ME_OFFICER)


def staffed_projects(user: Any) -> frozenset[int]:
    """The projects in which the user answers voices; read once per instance."""
    if not hasattr(user, "_staffed_projects"):
        user._staffed_projects = frozenset(Project.objects.managed_by(user, *STAFF).values_list("pk", flat=True))
    return user._staffed_projects  # type: ignore[no-any-return]


def _is_portfolio(user: Any) -> bool:
    return user.has_role(PortalRole.PORTFOLIO_MANAGER) and (user.is_service or works_at_home(user))


@rule("beneficiaries.leave_feedback", public=True)
def may_leave_feedback(user: Any, obj: Any) -> Verdict:
    """Everybody, through the public form's service account, a channel's client, or staff at the hotline."""
    return ask(user, PUBLIC)


@rule("beneficiaries.read_voices")
def may_read_voices(user: Any, obj: Any) -> Verdict:
    """Staff of any project; which messages they see is the queryset's word."""
    if _is_portfolio(user) or staffed_projects(user):
        return ALLOWED
    return refused(_("Only staff of a project read its messages."))


@rule("beneficiaries.read_feedback")
def may_read_feedback(user: Any, feedback: Feedback) -> Verdict:
    """Staff of its project; a partner with whom it was shared, unless it is about somebody's conduct."""
    if _is_portfolio(user) or feedback.project_id in staffed_projects(user):
        return ALLOWED
    if not feedback.is_about_conduct and feedback.shared_with.filter(memberships__user_id=user.pk).exists():
        return ALLOWED
    return refused(_("Only staff of the project read this message."))


@rule("beneficiaries.answer_feedback")
def may_answer_feedback(user: Any, feedback: Feedback) -> Verdict:
    """Staff of its project."""
    if _is_portfolio(user) or feedback.project_id in staffed_projects(user):
        return ALLOWED
    return refused(_("Only staff of the project answer this message."))


@rule("beneficiaries.open_sensitive")
def may_open_sensitive(user: Any, obj: Any) -> Verdict:
    """Safeguarding focal points, and nobody else."""
    if user.has_role(PortalRole.SAFEGUARDING_FOCAL_POINT) and not user.is_service:
        return ALLOWED
    return refused(_("Only safeguarding focal points open this door."))


@rule("beneficiaries.manage_needs")
def may_manage_needs(user: Any, project: Project) -> Verdict:
    """Staff of the project."""
    if _is_portfolio(user) or project.pk in staffed_projects(user):
        return ALLOWED
    return refused(_("Only staff of the project record needs and decisions."))


@rule("beneficiaries.view_needs")
def may_view_needs(user: Any, project: Project) -> Verdict:
    """Whoever sees the project."""
    return ask(user, "projects.view", project)
