"""Allowed words of projects: states, kinds, roles, audit actions. Codes of IATI 2.03 where a standard owns the word."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kmop.notifications.choices import kind
from projects.calculation.counting import PeopleMethod as PeopleMethodValue
from projects.calculation.values import AcrossPartners as AcrossPartnersValue
from projects.calculation.values import AcrossTime as AcrossTimeValue
from projects.calculation.values import Direction as DirectionValue
from projects.calculation.values import Measure as MeasureValue


class ProjectStatus(models.TextChoices):
    """Where a project stands."""

    PIPELINE = "pipeline", _("Pipeline")
    DESIGN = "design", _("Design")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    CLOSING = "closing", _("Closing")
    CLOSED = "closed", _("Closed")


class PartnershipRole(models.TextChoices):
    """What an organisation does in a project."""

    COORDINATOR = "coordinator", _("Coordinator")
    IMPLEMENTING = "implementing", _("Implementing partner")
    ASSOCIATED = "associated", _("Associated partner")
    FUNDING = "funding", _("Funder")
    SUBCONTRACTOR = "subcontractor", _("Subcontractor")


class ProjectRoleName(models.TextChoices):
    """Roles per project or country."""

    PROJECT_MANAGER = "project_manager", _("Project manager")
    ME_OFFICER = "me_officer", _("M&E officer")
    FUNDER_VIEWER = "funder_viewer", _("Funder viewer")
    COMMUNITY_REPRESENTATIVE = "community_representative", _("Community representative")


class PlaceLevel(models.TextChoices):
    """How fine a place is."""

    COUNTRY = "country", _("Country")
    REGION = "region", _("Region")
    TOWN = "town", _("Town")
    POINT = "point", _("Point")


class ResultLevel(models.TextChoices):
    """The three levels of a framework."""

    IMPACT = "impact", _("Impact")
    OUTCOME = "outcome", _("Outcome")
    OUTPUT = "output", _("Output")


class Measure(models.TextChoices):
    """What kind of figure an indicator is."""

    COUNT = MeasureValue.COUNT.value, _("Count")
    AMOUNT = MeasureValue.AMOUNT.value, _("Amount")
    PERCENTAGE = MeasureValue.PERCENTAGE.value, _("Percentage")
    RATIO = MeasureValue.RATIO.value, _("Ratio")
    SCALE = MeasureValue.SCALE.value, _("Rating scale")
    YES_NO = MeasureValue.YES_NO.value, _("Yes or no")
    QUALITATIVE = MeasureValue.QUALITATIVE.value, _("Qualitative")
    FORMULA = MeasureValue.FORMULA.value, _("Formula")


class Direction(models.TextChoices):
    """Whether more or less is better."""

    ASCENDING = DirectionValue.ASCENDING.value, _("Rising")
    DESCENDING = DirectionValue.DESCENDING.value, _("Falling")


class AcrossPartners(models.TextChoices):
    """How figures of partners and places are combined."""

    SUM = AcrossPartnersValue.SUM.value, _("Sum")
    AVERAGE = AcrossPartnersValue.AVERAGE.value, _("Average")
    WEIGHTED_RATIO = AcrossPartnersValue.WEIGHTED_RATIO.value, _("Weighted ratio")
    MAXIMUM = AcrossPartnersValue.MAXIMUM.value, _("Maximum")
    MINIMUM = AcrossPartnersValue.MINIMUM.value, _("Minimum")
    LATEST = AcrossPartnersValue.LATEST.value, _("Latest")
    NONE = AcrossPartnersValue.NONE.value, _("Not combined")


class AcrossTime(models.TextChoices):
    """How figures of periods are combined."""

    SUM = AcrossTimeValue.SUM.value, _("Sum")
    AVERAGE = AcrossTimeValue.AVERAGE.value, _("Average")
    LATEST = AcrossTimeValue.LATEST.value, _("Latest")
    MAXIMUM = AcrossTimeValue.MAXIMUM.value, _("Maximum")
    WEIGHTED_RATIO = AcrossTimeValue.WEIGHTED_RATIO.value, _("Weighted ratio")
    NONE = AcrossTimeValue.NONE.value, _("Not combined")


class Frequency(models.TextChoices):
    """How often periods end."""

    MONTH = "month", _("Monthly")
    QUARTER = "quarter", _("Quarterly")
    HALF_YEAR = "half_year", _("Every half-year")
    YEAR = "year", _("Yearly")


class UpdateState(models.TextChoices):
    """Where an update stands."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")


class ApprovalStep(models.TextChoices):
    """The steps an update may pass before it counts, in the order in which they are taken."""

    PARTNER_SUPERVISOR = "partner_supervisor", _("Partner's supervisor")
    ME_OFFICER = "me_officer", _("M&E officer")
    PROGRAMME_MANAGER = "programme_manager", _("Programme manager")


def first_steps() -> list[str]:
    """What a project begins with: the M&E officer alone decides."""
    return [ApprovalStep.ME_OFFICER.value]


class DecisionVerdict(models.TextChoices):
    """What was decided at one step."""

    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")


class UpdateSource(models.TextChoices):
    """The door an update came through."""

    FORM = "form", _("Form")
    API = "api", _("API")
    IMPORT = "import", _("Import")


class CellState(models.TextChoices):
    """What a value says when it is no number."""

    REPORTED = "reported", _("Reported")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


class ObligationState(models.TextChoices):
    """Where an obligation to report stands on a day."""

    NOT_DUE = "not_due", _("Not due yet")
    DUE = "due", _("Due")
    OVERDUE = "overdue", _("Overdue")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")


class WorkState(models.TextChoices):
    """Where an activity, deliverable or milestone stands."""

    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


UNFINISHED = (WorkState.PLANNED, WorkState.RUNNING)


class FundingForm(models.TextChoices):
    """How a grant pays."""

    ACTUAL_COST = "actual_cost", _("Actual cost")
    UNIT_COST = "unit_cost", _("Unit cost")
    FLAT_RATE = "flat_rate", _("Flat rate")
    LUMP_SUM = "lump_sum", _("Lump sum")


class DonorObligationState(models.TextChoices):
    """Where something owed to a funder stands."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    QUESTIONS = "questions", _("Questions")
    ACCEPTED = "accepted", _("Accepted")


class LegacyKind(models.TextChoices):
    """What is to remain after a project."""

    CAPACITY = "capacity", _("Capacity")
    SYSTEM = "system", _("System")
    SERVICE = "service", _("Service")
    NETWORK = "network", _("Network")
    LAW = "law", _("Law")
    BUDGET_LINE = "budget_line", _("Budget line")


class LegacyResult(models.TextChoices):
    """What a legacy check found."""

    WORKS = "works", _("Works")
    CHANGED = "changed", _("Changed")
    STOPPED = "stopped", _("Stopped")
    UNKNOWN = "unknown", _("Unknown")


class AssumptionOutcome(models.TextChoices):
    """What the last test of an assumption found."""

    UNTESTED = "untested", _("Not tested")
    HOLDS = "holds", _("Holds")
    DOUBTFUL = "doubtful", _("Doubtful")
    BROKEN = "broken", _("Broken")


class ChangeKind(models.TextChoices):
    """Whether an unplanned change is for the better."""

    GOOD = "good", _("Good")
    BAD = "bad", _("Bad")


class ImportState(models.TextChoices):
    """Where an import stands."""

    READING = "reading", _("Being read")
    PREVIEW = "preview", _("Waits for your decision")
    IMPORTING = "importing", _("Being imported")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Refused")


class ImportKind(models.TextChoices):
    """What kind of file is imported."""

    IATI = "iati", _("IATI activity file")
    FRAMEWORK = "framework", _("Framework workbook")


class PeopleMethod(models.TextChoices):
    """How people are counted where partners and periods are put together."""

    DEDUCT = PeopleMethodValue.DEDUCT.value, _("Deduct: known overlaps are taken off")
    UNIQUE = PeopleMethodValue.UNIQUE.value, _("Unique: persons by their pseudonym")
    UMBRELLA = PeopleMethodValue.UMBRELLA.value, _("Umbrella: the largest stands for all")
    ENGAGEMENTS = PeopleMethodValue.ENGAGEMENTS.value, _("Engagements: how often somebody took part")


class Action(models.TextChoices):
    """What the audit trail calls the acts of this app."""

    PROJECT_CREATED = "project.created", _("Project created")
    PROJECT_CHANGED = "project.changed", _("Project changed")
    PROJECT_ACTIVATED = "project.activated", _("Project activated")
    PROJECT_PUBLISHED = "project.published", _("Project published")
    PROJECT_UNPUBLISHED = "project.unpublished", _("Project withdrawn from public")
    PROJECT_CLOSED = "project.closed", _("Project closed")
    APPROVAL_STEPS_SET = "project.approval_steps_set", _("Steps of approval set")
    PROJECT_IMPORTED = "project.imported", _("Project imported")
    FRAMEWORK_IMPORTED = "framework.imported", _("Framework imported")
    IMPORT_STARTED = "import.started", _("File handed in for import")
    IMPORT_CONFIRMED = "import.confirmed", _("Import decided")
    ROLE_GRANTED = "project_role.granted", _("Project role granted")
    ROLE_WITHDRAWN = "project_role.withdrawn", _("Project role withdrawn")
    PARTNERSHIP_ADDED = "partnership.added", _("Partner added")
    RESULT_CREATED = "result.created", _("Result created")
    INDICATOR_CREATED = "indicator.created", _("Indicator created")
    FRAMEWORK_COPIED = "framework.copied", _("Framework copied")
    TEMPLATE_SAVED = "template.saved", _("Framework kept as a template")
    INDICATOR_CHANGED = "indicator.changed", _("Indicator changed")
    FLAG_RULES_SET = "indicator.flag_rules_set", _("Quality rules of an indicator set")
    PEOPLE_COUNT_CHANGED = "people_count.changed", _("Counting of people changed")
    TARGETS_SET = "targets.set", _("Targets set")
    TOTALS_WRITTEN = "totals.written", _("Totals written anew")
    PERIODS_OPENED = "periods.opened", _("Periods opened")
    PERIOD_LOCKED = "period.locked", _("Period locked")
    PERIOD_UNLOCKED = "period.unlocked", _("Period unlocked")
    UPDATE_CREATED = "update.created", _("Update created")
    UPDATE_CHANGED = "update.changed", _("Update changed")
    UPDATE_SUBMITTED = "update.submitted", _("Update submitted")
    UPDATE_STEP_TAKEN = "update.step_taken", _("Update approved, a further step to go")
    UPDATE_APPROVED = "update.approved", _("Update approved")
    UPDATE_APPROVAL_UNDONE = "update.approval_undone", _("Approval taken back")
    UPDATE_RETURNED = "update.returned", _("Update returned")
    FLAG_ANSWERED = "update.flag_answered", _("Flag answered")
    UPDATE_REVISED = "update.revised", _("Correction begun")
    UPDATE_DELETED = "update.deleted", _("Draft deleted")
    EVIDENCE_ADDED = "evidence.added", _("Evidence added")
    EVIDENCE_REMOVED = "evidence.removed", _("Evidence removed")
    WORKPLAN_CHANGED = "workplan.changed", _("Workplan changed")
    MONEY_CHANGED = "money.changed", _("Money changed")
    RISK_CHANGED = "risk.changed", _("Risk changed")
    LEGACY_CHANGED = "legacy.changed", _("Legacy changed")
    ASSUMPTION_CHANGED = "assumption.changed", _("Assumption changed")
    CHANGE_RECORDED = "unplanned_change.recorded", _("Unplanned change recorded")
    CORPORATE_CHANGED = "corporate.changed", _("Corporate indicator changed")
    LIBRARY_CHANGED = "library.changed", _("Indicator library changed")
    LISTS_CHANGED = "lists.changed", _("List changed")
    FOCUS_AREA_CHANGED = "focus_area.changed", _("Focus area changed")


UPDATES_SUBMITTED = kind("projects.updates_submitted", _("%(project)s: %(count)s updates wait for your review."))
UPDATE_APPROVED = kind("projects.update_approved", _("%(indicator)s, %(period)s: your figures are approved."))
UPDATE_RETURNED = kind("projects.update_returned", _("%(indicator)s, %(period)s: your figures came back with a note."))
FIGURES_DUE = kind(
    "projects.figures_due", _("%(project)s: %(count)s figures are due on %(day)s; %(organisation)s reports them.")
)
FIGURES_LATE = kind(
    "projects.figures_late", _("%(project)s: %(count)s figures of %(organisation)s are late, the oldest since %(day)s.")
)
TOTALS_DIFFER = kind(
    "projects.totals_differ",
    _("%(indicator)s, %(period)s%(cell)s: the stored total is %(stored)s, computed again it is %(computed)s."),
)
TOTALS_DIFFER_MORE = kind(
    "projects.totals_differ_more",
    _("%(count)s further stored totals are not what the updates give: see the log, or run recompute --check."),
)
