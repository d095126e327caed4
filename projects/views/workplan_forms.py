"""Adding and changing activities, deliverables, milestones and risks."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.choices import WorkState
from projects.forms.work import ActivityForm, DeliverableForm, MilestoneForm, RiskForm
from projects.models import Activity, Deliverable, Milestone, Risk
from projects.services import workplan
from projects.views.changing import AddPage, ChangePage
from projects.views.workplan import WorkplanPart


class AddActivityView(WorkplanPart, AddPage):
    """A new activity."""

    permission = "projects.manage_workplan"
    form_class = ActivityForm
    service = staticmethod(workplan.add_activity)
    heading = _("A new activity")
    back = "workplan/"
    view = "activities/"

    def initial(self) -> dict[str, Any]:
        """As long as the project, at first."""
        return {"starts_on": self.project.starts_on, "ends_on": self.project.ends_on, "state": WorkState.PLANNED}


class ChangeActivityView(WorkplanPart, ChangePage):
    """An activity."""

    permission = "projects.manage_workplan"
    form_class = ActivityForm
    model = Activity
    service = staticmethod(workplan.change_work)
    heading = _("Activity")
    back = "workplan/"
    view = "activities/"


class AddDeliverableView(WorkplanPart, AddPage):
    """A new deliverable."""

    permission = "projects.manage_workplan"
    form_class = DeliverableForm
    service = staticmethod(workplan.add_deliverable)
    heading = _("A new deliverable")
    back = "workplan/deliverables/"
    view = "deliverables/"


class ChangeDeliverableView(WorkplanPart, ChangePage):
    """A deliverable."""

    permission = "projects.manage_workplan"
    form_class = DeliverableForm
    model = Deliverable
    service = staticmethod(workplan.change_work)
    heading = _("Deliverable")
    back = "workplan/deliverables/"
    view = "deliverables/"


class AddMilestoneView(WorkplanPart, AddPage):
    """A new milestone."""

    permission = "projects.manage_workplan"
    form_class = MilestoneForm
    service = staticmethod(workplan.add_milestone)
    heading = _("A new milestone")
    back = "workplan/milestones/"
    view = "milestones/"


class ChangeMilestoneView(WorkplanPart, ChangePage):
    """A milestone."""

    permission = "projects.manage_workplan"
    form_class = MilestoneForm
    model = Milestone
    service = staticmethod(workplan.change_work)
    heading = _("Milestone")
    back = "workplan/milestones/"
    view = "milestones/"


class AddRiskView(WorkplanPart, AddPage):
    """A new risk."""

    permission = "projects.manage_risks"
    form_class = RiskForm
    service = staticmethod(workplan.add_risk)
    heading = _("A new risk")
    back = "workplan/#risks"
    view = "risks/"


class ChangeRiskView(WorkplanPart, ChangePage):
    """A risk."""

    permission = "projects.manage_risks"
    form_class = RiskForm
    model = Risk
    service = staticmethod(workplan.change_work)
    heading = _("Risk")
    back = "workplan/#risks"
    view = "risks/"
