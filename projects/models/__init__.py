"""Projects and all that is planned and reported in them."""

from projects.models.bands import DimensionMapping
from projects.models.corporate import CorporateIndicator, CorporateMapping
from projects.models.counting import Overlap, PeopleCount
from projects.models.definitions import CategoryMapping, CellMapping, IndicatorVersion
from projects.models.documents import DocumentLink
from projects.models.imports import ImportedActivity, ImportRun
from projects.models.legacy import Legacy, LegacyCheck
from projects.models.library import DefinitionCode, IndicatorDefinition
from projects.models.money import BudgetLine, DonorObligation, Expense, Grant, GrantPeriod, Transaction
from projects.models.places import Place
from projects.models.projects import (
    FocusArea,
    Partnership,
    Programme,
    Project,
    ProjectCountry,
    ProjectRole,
    ProjectSector,
)
from projects.models.results import Baseline, Category, Dimension, Indicator, LockException, Period, Result, Target
from projects.models.review import RaisedFlag, UpdateDecision
from projects.models.templates import FrameworkTemplate
from projects.models.theory import Assumption, UnplannedChange
from projects.models.updates import Actual, Evidence, Obligation, Update, UpdateValue
from projects.models.workplan import Activity, Deliverable, Milestone, Risk

__all__ = [
    "Activity",
    "Actual",
    "Assumption",
    "Baseline",
    "BudgetLine",
    "Category",
    "CorporateIndicator",
    "CorporateMapping",
    "DefinitionCode",
    "CategoryMapping",
    "CellMapping",
    "Deliverable",
    "Dimension",
    "DimensionMapping",
    "DocumentLink",
    "DonorObligation",
    "Evidence",
    "Expense",
    "FocusArea",
    "FrameworkTemplate",
    "Grant",
    "GrantPeriod",
    "ImportRun",
    "ImportedActivity",
    "Indicator",
    "IndicatorDefinition",
    "IndicatorVersion",
    "Legacy",
    "LegacyCheck",
    "LockException",
    "Milestone",
    "Obligation",
    "Overlap",
    "Partnership",
    "PeopleCount",
    "Period",
    "Place",
    "Programme",
    "Project",
    "ProjectCountry",
    "ProjectRole",
    "ProjectSector",
    "RaisedFlag",
    "Result",
    "Risk",
    "Target",
    "Transaction",
    "UnplannedChange",
    "Update",
    "UpdateDecision",
    "UpdateValue",
]
