"""Who may do what with projects, frameworks and updates. What a person holds is read once per user instance."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole, UserKind
from kmop.shared.access import ALLOWED, Verdict, refused, rule
from kmop.shared.errors import Sentence
from projects.choices import ApprovalStep, ProjectRoleName, UpdateSource, UpdateState
from projects.rules.held import ENTERS, Held, forget_held, held_by

SEES_ALL = (PortalRole.PORTAL_ADMINISTRATOR, PortalRole.PORTFOLIO_MANAGER, PortalRole.DATA_PROTECTION_OFFICER)
READS_UPDATES = (PortalRole.PORTFOLIO_MANAGER, PortalRole.DATA_PROTECTION_OFFICER)
MANAGER, OFFICER = ProjectRoleName.PROJECT_MANAGER, ProjectRoleName.ME_OFFICER
REVIEWS = (MANAGER, OFFICER)
__all__ = [
    "ENTERS",
    "READS_UPDATES",
    "REVIEWS",
    "SEES_ALL",
    "TOOK_A_STEP",
    "Held",
    "forget_held",
    "held_by",
    "state_allows",
]


def _project_id(obj: Any) -> int | None:
    """The project an object belongs to; None for no object."""
    if obj is None:
        return None
    if obj._meta.model_name == "project":
        return int(obj.pk)
    for name in ("project_id", "project_pk"):
        if hasattr(obj, name):
            return int(getattr(obj, name))
    owner = next(getattr(obj, name) for name in ("indicator", "line", "grant", "legacy") if hasattr(obj, name))
    return _project_id(owner)


def _when(is_so: bool, otherwise: Sentence) -> Verdict:
    return ALLOWED if is_so else refused(otherwise)


def _holds(user: Any, obj: Any, roles: Iterable[str]) -> bool:
    """The portfolio manager, or one of the roles in the object's project (in any, without an object)."""
    if user.has_role(PortalRole.PORTFOLIO_MANAGER):
        return True
    project_id = _project_id(obj)
    held = held_by(user)
    return held.has_any(roles) if project_id is None else held.has(project_id, roles)


# ---------------------------------------------------------------- projects
def _sees(user: Any, project_id: int) -> bool:
    if user.has_role(*SEES_ALL):
        return True
    held = held_by(user)
    return project_id in held.by_partnership or held.has(project_id, ProjectRoleName.values)


@rule("projects.view")
def may_view(user: Any, obj: Any) -> Verdict:
    """Portfolio people see all; others the projects of their role, their country, or their organisation."""
    project_id = _project_id(obj)
    if project_id is None or _sees(user, project_id):
        return ALLOWED
    return refused(_("You see the projects of your organisation and those in which you have a role."))


@rule("projects.create_project")
def may_create_project(user: Any, obj: Any) -> Verdict:
    """Portfolio managers, and whoever manages a project already."""
    return _when(_holds(user, None, [MANAGER]), _("Only a portfolio or project manager creates projects."))


@rule("projects.change_project")
def may_change_project(user: Any, obj: Any) -> Verdict:
    """The project's manager, or a portfolio manager."""
    return _when(_holds(user, obj, [MANAGER]), _("Only the project's manager changes it."))


@rule("projects.publish_project")
def may_publish_project(user: Any, obj: Any) -> Verdict:
    """The project's manager alone."""
    project_id = _project_id(obj)
    held = held_by(user)
    is_manager = held.has_any([MANAGER]) if project_id is None else held.has(project_id, [MANAGER])
    return _when(is_manager, _("A project is published by its project manager."))


@rule("projects.activate_project")
def may_activate_project(user: Any, obj: Any) -> Verdict:
    """As changing it; the gate itself is a state of things, not of the person."""
    return may_change_project(user, obj)


@rule("projects.close_project")
def may_close_project(user: Any, obj: Any) -> Verdict:
    """As changing it."""
    return may_change_project(user, obj)


@rule("projects.manage_partners")
def may_manage_partners(user: Any, obj: Any) -> Verdict:
    """As changing it."""
    return may_change_project(user, obj)


@rule("projects.grant_role")
def may_grant_role(user: Any, obj: Any) -> Verdict:
    """In one project its manager; for a whole country a portfolio manager; portal administrators both."""
    if user.has_role(PortalRole.PORTAL_ADMINISTRATOR, PortalRole.PORTFOLIO_MANAGER):
        return ALLOWED
    if obj is not None and _holds(user, obj, [MANAGER]):
        return ALLOWED
    return refused(_("Roles in a project are given by its manager or by an administrator."))


@rule("projects.manage_framework")
def may_manage_framework(user: Any, obj: Any) -> Verdict:
    """Project manager and M&E officer of the project."""
    return _when(_holds(user, obj, REVIEWS), _("Only the project's manager or M&E officer changes its framework."))


@rule("projects.import_framework")
def may_import_framework(user: Any, obj: Any) -> Verdict:
    """As changing the framework by hand."""
    return may_manage_framework(user, obj)


@rule("projects.import_iati")
def may_import_iati(user: Any, obj: Any) -> Verdict:
    """Portfolio managers, project managers, M&E officers."""
    return _when(_holds(user, None, REVIEWS), _("Only managers and M&E officers import files."))


@rule("projects.lock_period")
def may_lock_period(user: Any, obj: Any) -> Verdict:
    """Project manager and M&E officer of the project."""
    return _when(_holds(user, obj, REVIEWS), _("Only the project's manager or M&E officer locks periods."))


@rule("projects.manage_lists")
def may_manage_lists(user: Any, obj: Any) -> Verdict:
    """Focus areas, places and dimensions serve all projects: officers of any project keep them."""
    return _when(_holds(user, None, REVIEWS), _("Only managers and M&E officers change the lists."))


@rule("projects.manage_library")
def may_manage_library(user: Any, obj: Any) -> Verdict:
    """Portfolio managers, and M&E officers of any project or country."""
    return _when(_holds(user, None, [OFFICER]), _("Only a portfolio manager or M&E officer changes the library."))


@rule("projects.manage_corporate")
def may_manage_corporate(user: Any, obj: Any) -> Verdict:
    """Portfolio managers alone."""
    is_so = user.has_role(PortalRole.PORTFOLIO_MANAGER)
    return _when(is_so, _("Only a portfolio manager changes what is added up over projects."))


# ---------------------------------------------------------------- time, money, risks, legacy
@rule("projects.manage_workplan")
def may_manage_workplan(user: Any, obj: Any) -> Verdict:
    """The project's manager and M&E officer."""
    return _when(_holds(user, obj, REVIEWS), _("Only the project's manager or M&E officer changes the workplan."))


@rule("projects.manage_risks")
def may_manage_risks(user: Any, obj: Any) -> Verdict:
    """The project's manager and M&E officer."""
    return _when(_holds(user, obj, REVIEWS), _("Only the project's manager or M&E officer changes the risks."))


@rule("projects.manage_legacy")
def may_manage_legacy(user: Any, obj: Any) -> Verdict:
    """The project's manager and M&E officer, also after it is closed."""
    return _when(_holds(user, obj, REVIEWS), _("Only the project's manager or M&E officer changes the legacy."))


@rule("projects.manage_money")
def may_manage_money(user: Any, obj: Any) -> Verdict:
    """The project's manager."""
    return _when(_holds(user, obj, [MANAGER]), _("Only the project's manager changes its money."))


@rule("projects.view_money")
def may_view_money(user: Any, obj: Any) -> Verdict:
    """Budget and spending: officers and funders of the project, and who reads the whole portfolio."""
    roles = (*REVIEWS, ProjectRoleName.FUNDER_VIEWER)
    is_so = user.has_role(PortalRole.DATA_PROTECTION_OFFICER) or _holds(user, obj, roles)
    return _when(is_so, _("Budget and spending are seen by the project's officers and funders."))


# ---------------------------------------------------------------- theory of change
@rule("projects.test_assumption")
def may_test_assumption(user: Any, obj: Any) -> Verdict:
    """Who looks after it, and the project's manager and M&E officer."""
    is_so = obj.owner_id == user.pk or _holds(user, obj, REVIEWS)
    return _when(is_so, _("An assumption is tested by who looks after it, or by the project's officers."))


@rule("projects.record_change")
def may_record_change(user: Any, obj: Any) -> Verdict:
    """The project's officers, and contributors of its reporting partners; of a recorded one, those of its partner."""
    if _holds(user, obj, REVIEWS):
        return ALLOWED
    project_id, organisation_id = _project_id(obj), getattr(obj, "organisation_id", None)
    mine = {one for project, one in held_by(user).reporting if project == project_id}
    is_so = bool(mine) if obj._meta.model_name == "project" else organisation_id in mine
    return _when(is_so, _("Unplanned change is recorded by the project's officers and its reporting partners."))


# ---------------------------------------------------------------- updates
NOT_YOURS = _("Figures are entered by contributors of an organisation that reports in this project.")
NOT_OWN = _("This update belongs to another organisation.")


def _enters_for(user: Any, update: Any) -> bool:
    return (update.indicator.project_id, update.organisation_id) in held_by(user).reporting


@rule("projects.enter_update")
def may_enter_update(user: Any, obj: Any) -> Verdict:
    """Contributors and administrators of a partner that reports; `obj`: None, a project, an update or an obligation."""
    reporting = held_by(user).reporting
    if obj is None:
        return _when(bool(reporting), NOT_YOURS)
    if hasattr(obj, "organisation_id"):
        return _when(_enters_for(user, obj), NOT_YOURS)
    project_id = _project_id(obj)
    return _when(any(project == project_id for project, _organisation in reporting), NOT_YOURS)


def _own(user: Any, update: Any) -> Verdict:
    return _when(_enters_for(user, update), NOT_OWN)


@rule("projects.change_update")
def may_change_update(user: Any, obj: Any) -> Verdict:
    """The own organisation's; in which state says `state_allows`."""
    return _own(user, obj)


@rule("projects.submit_update")
def may_submit_update(user: Any, obj: Any) -> Verdict:
    """The own organisation's."""
    return _own(user, obj)


@rule("projects.delete_update")
def may_delete_update(user: Any, obj: Any) -> Verdict:
    """The own organisation's."""
    return _own(user, obj)


@rule("projects.add_evidence")
def may_add_evidence(user: Any, obj: Any) -> Verdict:
    """The own organisation's."""
    return _own(user, obj)


@rule("projects.revise_update")
def may_revise_update(user: Any, obj: Any) -> Verdict:
    """The own organisation's."""
    return _own(user, obj)


@rule("projects.review")
def may_review(user: Any, obj: Any) -> Verdict:
    """The review queue: who takes a step in it (`obj`: None, a project or an update of one)."""
    project_id, supervised = _project_id(obj), held_by(user).supervised
    own = getattr(obj, "organisation_id", None)
    heads = any(project_id in (None, project) and own in (None, organisation) for project, organisation in supervised)
    return _when(
        heads or _holds(user, obj, REVIEWS), _("Updates are reviewed by the project's manager or M&E officer.")
    )


TOOK_A_STEP = _("You took an earlier step of this update; somebody else takes this one.")
_SUPERVISOR = _("This update waits for an administrator of its own organisation.")
_OFFICER = _("This update waits for the project's M&E officer.")
_PROGRAMME_MANAGER = _("This update waits for the project's manager or a portfolio manager.")


def _takes(user: Any, update: Any) -> Verdict:
    """Whether she takes the step that the update waits for.

    A manager stands in for the M&E officer unless the project gives her a step of her own.
    """
    held, project = held_by(user), update.indicator.project
    has_own = ApprovalStep.PROGRAMME_MANAGER in project.approval_steps
    if update.step == ApprovalStep.PARTNER_SUPERVISOR:
        return _when((project.pk, update.organisation_id) in held.supervised, _SUPERVISOR)
    if update.step == ApprovalStep.PROGRAMME_MANAGER:
        is_so = held.has(project.pk, [MANAGER]) or user.has_role(PortalRole.PORTFOLIO_MANAGER)
        return _when(is_so, _PROGRAMME_MANAGER)
    if has_own:
        return _when(held.has(project.pk, [OFFICER]), _OFFICER)
    is_so = held.has(project.pk, REVIEWS)
    return _when(is_so, _("Updates are decided by the project's manager or M&E officer."))


def _decides(user: Any, update: Any) -> Verdict:
    if _is_importer(user, update):
        return ALLOWED
    takes = _takes(user, update)
    if not takes:
        return takes
    if update.submitted_by_id == user.pk:
        return refused(_("You submitted this update yourself; somebody else decides about it."))
    if update.step == update.indicator.project.approval_steps[0]:
        return ALLOWED  # nothing was taken yet, but in a project whose steps were changed: there the database refuses
    taken = [one for one in update.decisions.all() if one.round == update.round and one.step != update.step]
    return _when(all(one.by_id != user.pk for one in taken), TOOK_A_STEP)


def _is_importer(user: Any, update: Any) -> bool:
    return bool(user.kind == UserKind.SERVICE and update.source == UpdateSource.IMPORT)


@rule("projects.approve_update")
def may_approve_update(user: Any, obj: Any) -> Verdict:
    """Who takes the step it waits for, never who submitted it or took a step; the importer's account does both."""
    return _decides(user, obj)


@rule("projects.return_update")
def may_return_update(user: Any, obj: Any) -> Verdict:
    """As approving."""
    return _decides(user, obj)


@rule("projects.view_update")
def may_view_update(user: Any, obj: Any) -> Verdict:
    """The own organisation's; submitted and decided ones also for the project's officers."""
    held = held_by(user)
    if obj.organisation_id in held.organisations:
        return ALLOWED
    if obj.state == UpdateState.DRAFT:
        return refused(_("Drafts are seen by their own organisation only."))
    is_reader = user.has_role(*READS_UPDATES) or held.has(obj.indicator.project_id, REVIEWS)
    return _when(is_reader, _("Updates are seen by their organisation and by the project's officers."))


@rule("projects.view_evidence")
def may_view_evidence(user: Any, obj: Any) -> Verdict:
    """As viewing the update."""
    return may_view_update(user, obj)


# ---------------------------------------------------------------- states: when, after who
_OPEN = frozenset({UpdateState.DRAFT, UpdateState.RETURNED})
_IN_STATE: dict[str, tuple[frozenset[str], Sentence]] = {
    "projects.change_update": (_OPEN, _("Only a draft or a returned update can be changed.")),
    "projects.add_evidence": (_OPEN, _("Only a draft or a returned update can be changed.")),
    "projects.submit_update": (_OPEN, _("Only a draft or a returned update can be submitted.")),
    "projects.delete_update": (frozenset({UpdateState.DRAFT}), _("Only a draft can be deleted.")),
    "projects.approve_update": (frozenset({UpdateState.SUBMITTED}), _("Only a submitted update can be approved.")),
    "projects.return_update": (frozenset({UpdateState.SUBMITTED}), _("Only a submitted update can be returned.")),
    "projects.revise_update": (
        frozenset({UpdateState.APPROVED}),
        _("Only an approved update is corrected by a revision."),
    ),
}


def state_allows(name: str, update: Any) -> Verdict:
    """Whether the act fits the state of the update, whoever does it."""
    states, otherwise = _IN_STATE[name]
    return _when(update.state in states and update.superseded_at is None, otherwise)
