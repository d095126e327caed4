"""Building the demo portfolio once; asked again, it answers the same and changes nothing."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from beneficiaries.models import Decision, Feedback, Need
from kmop.accounts.models import User
from kmop.accounts.services.users import command_line
from kmop.audit import services as audit
from kmop.notifications.models import Notice
from kmop.shared.errors import RuleBroken
from partners.choices import OfferState
from partners.models import Offer, Organisation
from partners.services.offers import create_offer
from projects.models import Actual, Expense, Indicator, Obligation, Period, Project, Risk, Update
from projects.services.periods import open_project_periods
from projects.services.projects import activate_project, publish_project
from reports.choices import Action
from reports.models import DemoBuild
from reports.services.demo import voices
from reports.services.demo.content import Stage, texts
from reports.services.demo.figures import add_figures
from reports.services.demo.people import Cast, add_organisations, add_people, logins
from reports.services.demo.projects import Planned, add_places, add_project
from reports.services.demo.work import add_budget, add_workplan, close_and_follow

COUNTED = (
    Organisation, User, Project, Indicator, Period, Obligation, Update, Actual, Expense, Risk,
    Need, Decision, Feedback, Offer,
)  # fmt: skip
COPIES = {"small": 1, "large": 5}
STILL_NEW = 3  # notices that a person of the demo has not read yet


def build_demo(*, seed: int = 1, size: str = "small", day: date | None = None) -> dict[str, Any]:
    """Build the demo portfolio as it stands on `day` (today), in one transaction.

    Returns {logins, organisations, projects, counts} as `docs/demo.md` says. A portfolio that stands already is left
    alone and answered again. Raises `RuleBroken` when another seed or size stands, or when the portal holds real data.
    """
    stage = Stage(day or timezone.localdate(), seed)
    with transaction.atomic():
        built = DemoBuild.objects.select_for_update().first()
        if built is None:
            if Project.objects.exists():
                raise RuleBroken(_("This portal holds projects already; the demo portfolio wants an empty one."))
            built = _build(stage, size)
        elif (built.seed, built.size) != (seed, size):
            raise RuleBroken(_("Another demo portfolio stands here; it is kept as it is."), code="duplicate")
    return {"logins": logins(built.seed), **built.answer}


def _build(stage: Stage, size: str) -> DemoBuild:
    by = command_line()
    cast = add_people(add_organisations(by), stage.seed, by)
    places = add_places(by)
    planned = []
    for copy in range(COPIES[size]):
        shares = _shares(len(texts("projects")))
        for text, (count, receipts) in zip(texts("projects"), shares, strict=True):
            numbered = text if not copy else {**text, "code": f"{text['code']}-{copy + 1}"}
            planned.append(add_project(numbered, cast, places, stage, by))
            _fill(planned[-1], count, receipts, places, cast.fresh(), stage)
    _add_offers(cast, stage)
    _read_notices(cast)
    built = DemoBuild.objects.create(seed=stage.seed, size=size, day=stage.day, answer=_answer(planned))
    audit.record(by, Action.DEMO_BUILT, built, seed=stage.seed, size=size)
    return built


def _shares(projects: int) -> list[tuple[int, int]]:
    """How many messages, and how many of them with a receipt, each project has: the first the most."""
    weights = [projects - number for number in range(projects)]
    counts = [voices.MESSAGES * weight // sum(weights) for weight in weights]
    receipts = [voices.WITH_RECEIPT * weight // sum(weights) for weight in weights]
    counts[0] += voices.MESSAGES - sum(counts)
    receipts[0] += voices.WITH_RECEIPT - sum(receipts)
    return list(zip(counts, receipts, strict=True))


def _fill(planned: Planned, count: int, receipts: int, places: Any, cast: Cast, stage: Stage) -> None:
    by, status = command_line(), planned.text["status"]
    activities = add_workplan(planned, cast, stage, cast.manager)
    add_budget(planned, cast, stage, cast.manager)
    needs = voices.add_needs(planned, activities, places, cast, stage)
    planned.project.refresh_from_db()
    if status != "design":
        activate_project(project=planned.project, by=cast.manager)
        open_project_periods(projects=[planned.project], day=stage.day, by=by)
        add_figures(planned, cast, stage)
        voices.add_decisions(planned, needs, activities, cast, stage)
        publish_project(project=planned.project, by=cast.manager)
    voices.add_messages(planned, needs, places, count, receipts, cast, stage)
    if status == "closed":
        close_and_follow(planned, cast, stage)
    audit.record(by, Action.DEMO_BUILT, planned.project, code=planned.project.code)


def _add_offers(cast: Cast, stage: Stage) -> None:
    for one in texts("shared_texts")["offers"]:
        organisation = cast.organisations[one["organisation"]]
        create_offer(
            organisation=organisation,
            title=one["title"],
            kind=one["kind"],
            quantity=Decimal(one["quantity"]),
            unit=one["unit"],
            starts_on=stage.day,
            state=OfferState.OPEN,
            by=cast.reporters[one["organisation"]],
        )


def _read_notices(cast: Cast) -> None:
    """Everybody has read what was told, also what is still held back, but the last few things."""
    for person in cast.people.values():
        told = list(Notice.objects.visible_to(person))
        fresh = list({(one.kind, str(one.params)): one for one in reversed(told)}.values())[-STILL_NEW:]
        Notice.objects.visible_to(person).exclude(pk__in=[one.pk for one in fresh]).update(read_at=timezone.now())


def _answer(planned: list[Planned]) -> dict[str, Any]:
    return {
        "organisations": [{"code": one["code"], "sector": one["sector"]} for one in texts("organisations")],
        "projects": [{"code": one.project.code, "id": one.project.pk} for one in planned],
        "counts": {
            str(model._meta.verbose_name_plural).replace(" ", "_"): model._default_manager.count() for model in COUNTED
        },
    }
