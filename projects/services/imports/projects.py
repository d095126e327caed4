"""The project itself as an activity says it: facts, countries, sectors, partners, places."""

from collections.abc import Iterable
from datetime import date

from kmop.shared.models import bump
from partners.models import Organisation
from projects.choices import PartnershipRole, ProjectStatus
from projects.models import Partnership, Place, Project, ProjectCountry, ProjectRole, ProjectSector
from projects.rules import forget_held
from projects.services.imports.known import Known
from projects.services.imports.shapes import Activity
from projects.services.imports.shapes import Organisation as Named
from projects.services.imports.texts import by_language, free_code, latin_code, short_hash
from projects.services.projects import project_search_text

STATUS = {
    "1": ProjectStatus.PIPELINE,
    "2": ProjectStatus.ACTIVE,
    "3": ProjectStatus.CLOSING,
    "4": ProjectStatus.CLOSED,
    "5": ProjectStatus.CLOSED,
    "6": ProjectStatus.SUSPENDED,
}
"""IATI ActivityStatus: 1 pipeline, 2 implementation, 3 finalisation, 4 closed, 5 cancelled, 6 suspended."""

ROLES = {
    "1": PartnershipRole.FUNDING,
    "2": PartnershipRole.COORDINATOR,
    "3": PartnershipRole.ASSOCIATED,
    "4": PartnershipRole.IMPLEMENTING,
}
"""IATI OrganisationRole: 1 funding, 2 accountable, 3 extending, 4 implementing."""

FACTS = ("titles", "descriptions", "status", "starts_on", "ends_on", "closed_on", "currency", "search_text")


def new_project(activity: Activity, known: Known) -> Project:
    """An unsaved project with a free code made from the identifier."""
    plain = latin_code(activity.identifier) or f"P-{short_hash(activity.identifier)}"
    project = Project(code=free_code(plain, known.codes), iati_identifier=activity.identifier)
    state_facts(project, activity)
    return project


def state_facts(project: Project, activity: Activity) -> None:
    """Set the facts of the project from the activity; nothing is saved."""
    start, end = span_of(activity)
    project.titles = by_language(activity.titles) or {"und": activity.identifier}
    general = [one for one in activity.descriptions if one.type == "1"] or list(activity.descriptions)
    project.descriptions = by_language(tuple(text for one in general for text in one.texts))
    project.status = STATUS.get(activity.status, ProjectStatus.DESIGN)
    project.starts_on = start
    project.ends_on = end if not (start and end and end < start) else None
    project.closed_on = project.ends_on if project.status == ProjectStatus.CLOSED else None
    project.currency = activity.currency if len(activity.currency) == 3 else project.currency
    project.search_text = project_search_text(project)


def span_of(activity: Activity) -> tuple[date | None, date | None]:
    """The first and last day of an activity: the actual one where it is known, else the planned one."""
    days = {one.type: one.day for one in reversed(activity.dates)}
    return days.get("2") or days.get("1"), days.get("4") or days.get("3")


def change_facts(project: Project, activity: Activity) -> None:
    """Save the facts of a known project as the activity now says them."""
    state_facts(project, activity)
    bump(project, *FACTS)


# ---------------------------------------------------------------- countries and sectors


def write_countries(project: Project, activity: Activity) -> None:
    """The recipient countries, each once; shares of the same country are added."""
    rows: dict[str, ProjectCountry] = {}
    for share in activity.countries:
        if len(share.code) != 2:
            continue
        row = rows.setdefault(share.code, ProjectCountry(project=project, country=share.code))
        if share.percentage is not None:
            row.percentage = (row.percentage or 0) + share.percentage
    ProjectCountry.objects.bulk_create(rows.values())


def write_sectors(project: Project, activity: Activity) -> None:
    """The sectors of every vocabulary."""
    ProjectSector.objects.bulk_create(
        ProjectSector(
            project=project,
            vocabulary=share.vocabulary[:20],
            code=share.code[:200],
            titles=by_language(share.names),
            percentage=share.percentage,
        )
        for share in activity.sectors
    )


# ---------------------------------------------------------------- organisations and places


def match(known: Known, named: Named | None) -> Organisation | None:
    """The organisation that an element names; None where there is no element or it names none."""
    return None if named is None else known.match(named)


def reporter_of(activity: Activity, known: Known) -> Organisation:
    """The organisation that the figures come from; the identifier's own prefix stands in where none is stated."""
    found = match(known, activity.reporter)
    if found is not None:
        return found
    prefix = activity.identifier.rpartition("-")[0] or activity.identifier
    return known.organisations.named(prefix)


def organisations_of(activity: Activity, known: Known) -> list[Organisation]:
    """Every organisation that the activity names, in money too; one may occur several times."""
    named: list[Named | None] = [activity.reporter, *activity.participants]
    named += [one for moved in activity.transactions for one in (moved.provider, moved.receiver)]
    named += [one for moved in activity.budgets for one in (moved.provider, moved.receiver)]
    return [found for found in (match(known, one) for one in dict.fromkeys(named)) if found is not None]


def write_partnerships(project: Project, activity: Activity, reporter: Organisation, known: Known) -> None:
    """Partnerships that are not there yet; what a person entered or changed is never taken away."""
    wanted = [
        (found, ROLES.get(one.role, PartnershipRole.ASSOCIATED))
        for one in activity.participants
        if (found := match(known, one)) is not None
    ]
    if reporter.pk not in {organisation.pk for organisation, _role in wanted}:
        wanted.append((reporter, PartnershipRole.COORDINATOR))
    there = set(project.partnerships.values_list("organisation_id", "role"))
    rows = {
        (organisation.pk, str(role)): Partnership(project=project, organisation=organisation, role=role)
        for organisation, role in wanted
        if (organisation.pk, str(role)) not in there
    }
    Partnership.objects.bulk_create(rows.values(), batch_size=500)


def add_places(project: Project, places: Iterable[Place]) -> None:
    """Places of the project that are not among its places yet."""
    through = Project.places.through
    rows = [through(project_id=project.pk, place_id=pk) for pk in sorted({place.pk for place in places})]
    through.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def let_in(project: Project, known: Known) -> None:
    """The person who imported a project sees and works in it, in the role that she holds elsewhere."""
    if known.role:
        ProjectRole.objects.get_or_create(user=known.by, role=known.role, project=project)
        forget_held(known.by)
