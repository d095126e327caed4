"""Who may make, read and schedule reports."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole
from kmop.shared.access import ALLOWED, Verdict, refused, rule
from projects.choices import ProjectRoleName
from projects.rules import held_by

MAKERS = (ProjectRoleName.PROJECT_MANAGER, ProjectRoleName.ME_OFFICER)
READERS = (*MAKERS, ProjectRoleName.FUNDER_VIEWER)
FOR_FUNDERS = ("project-progress",)


def _is_manager(user: Any) -> bool:
    return bool(user.has_role(PortalRole.PORTFOLIO_MANAGER))


@rule("reports.see")
def may_see(user: Any, obj: Any) -> Verdict:
    """The catalogue and the archive: who makes or reads any report."""
    held = held_by(user)
    if _is_manager(user) or held.has_any(READERS) or held.organisations:
        return ALLOWED
    return refused(_("Reports are for managers, M&E officers, funders and partners."))


@rule("reports.make")
def may_make(user: Any, obj: Any) -> Verdict:
    """Any report at all: managers, officers, and members of an organisation."""
    held = held_by(user)
    if _is_manager(user) or held.has_any(MAKERS) or held.organisations:
        return ALLOWED
    return refused(_("Reports are made by managers, M&E officers and partners."))


@rule("reports.make_project_report")
def may_make_project_report(user: Any, order: Any) -> Verdict:
    """About a whole project: its manager and M&E officer, and portfolio managers."""
    if _is_manager(user) or (order.project is not None and held_by(user).has(order.project.pk, MAKERS)):
        return ALLOWED
    return refused(_("A report on a project is made by its manager or M&E officer."))


@rule("reports.make_partner_report")
def may_make_partner_report(user: Any, order: Any) -> Verdict:
    """About an organisation: its own people; within a project also that project's officers; portfolio managers."""
    if may_make_project_report(user, order):
        return ALLOWED
    if order.organisation is not None and order.organisation.pk in held_by(user).organisations:
        return ALLOWED
    return refused(_("A report on a partner is made by its own people, or within a project by its officers."))


@rule("reports.view_run")
def may_view_run(user: Any, run: Any) -> Verdict:
    """Who asked for it; portfolio managers; the project's officers; funders what is ready and meant for them."""
    held = held_by(user)
    if run is None or _is_manager(user) or run.asked_by_id == user.pk:
        return ALLOWED
    if run.project_id is not None and held.has(run.project_id, MAKERS):
        return ALLOWED
    is_for_funders = run.state == "done" and run.report in FOR_FUNDERS and run.organisation_id is None
    if is_for_funders and run.project_id is not None and held.has(run.project_id, [ProjectRoleName.FUNDER_VIEWER]):
        return ALLOWED
    return refused(_("This report was made for others."))


@rule("reports.try_again")
def may_try_again(user: Any, run: Any) -> Verdict:
    """Who asked for it, and portfolio managers."""
    if _is_manager(user) or run.asked_by_id == user.pk:
        return ALLOWED
    return refused(_("Only who asked for this report tries it again."))


@rule("reports.change_schedule")
def may_change_schedule(user: Any, schedule: Any) -> Verdict:
    """Its owner, and portfolio managers."""
    if _is_manager(user) or schedule.owner_id == user.pk:
        return ALLOWED
    return refused(_("Only the owner of a schedule changes it."))
