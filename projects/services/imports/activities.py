"""Taking in one IATI activity: compared with what a file said before, then written whole in one transaction."""

import json
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken
from partners.models import Organisation
from projects.choices import Action
from projects.models import ImportedActivity, Project
from projects.services.imports.canonical import canonical, differences, fingerprint
from projects.services.imports.framework import Ids, write_framework
from projects.services.imports.known import Known, Stored
from projects.services.imports.money import write_budgets, write_documents, write_transactions
from projects.services.imports.outcome import Became, Outcome, held_of, held_of_text
from projects.services.imports.projects import (
    add_places,
    change_facts,
    let_in,
    new_project,
    organisations_of,
    reporter_of,
    write_countries,
    write_partnerships,
    write_sectors,
)
from projects.services.imports.shapes import Activity
from projects.services.imports.texts import by_language, first_of

NOTHING = "{}"


@dataclass(frozen=True, slots=True)
class Content:
    """What is kept of an activity: its canonical text, and which rows its results and indicators became."""

    text: str = NOTHING
    ids: Ids = field(default_factory=Ids)

    def packed(self) -> bytes:
        """As it is stored: compressed JSON."""
        said = {"text": self.text, "results": self.ids.results, "indicators": self.ids.indicators}
        return zlib.compress(json.dumps(said, ensure_ascii=False).encode(), 1)

    @classmethod
    def unpacked(cls, stored: bytes | memoryview) -> "Content":
        """From how it is stored."""
        said = json.loads(zlib.decompress(bytes(stored))) if stored else {}
        return cls(said.get("text", NOTHING), Ids(said.get("results", {}), said.get("indicators", {})))


def compare_activity(*, activity: Activity, known: Known, with_changes: bool = False) -> Outcome:
    """What taking in the activity would do; nothing is written. `with_changes`: a changed one would be updated.

    Raises `NotAllowed`, `RuleBroken` for an activity that is a project which the importer does not see.
    """
    return _compare(activity, canonical(activity), known, with_changes)


def _compare(activity: Activity, text: str, known: Known, with_changes: bool) -> Outcome:
    require(known.by, "projects.import_iati")
    stored = known.projects.get(activity.identifier)
    outcome = _outcome(activity, Became.CREATED, known)
    if stored is None:
        return outcome
    if stored.project_id not in known.visible:
        raise RuleBroken(_("This activity is a project in which you have no role."), "not_yours")
    outcome.project_id = stored.project_id
    if fingerprint(text) == stored.fingerprint:
        outcome.became = Became.UNCHANGED
        return outcome
    outcome.became = Became.UPDATED if with_changes else Became.CHANGED
    old = _content(stored).text
    outcome.differences = differences(old, text)
    if outcome.became is Became.CHANGED:
        outcome.held = _still_held(old, outcome)
        outcome.organisations = _codes(organisations_of(activity, known), only_kept=True)
    return outcome


@transaction.atomic
def import_activity(*, activity: Activity, known: Known, with_changes: bool = False) -> Outcome:
    """Take in one activity whole, or nothing of it.

    A new one becomes a project; an unchanged one is left; a changed one is left too unless `with_changes`. Raises
    `NotAllowed`, `RuleBroken` when somebody else imported the same activity meanwhile, `ValidationError` for what no
    column can hold.
    """
    text = canonical(activity)
    outcome = _compare(activity, text, known, with_changes)
    if outcome.became in (Became.UNCHANGED, Became.CHANGED):
        return outcome
    if outcome.became is Became.CREATED:
        project, content = new_project(activity, known), Content()
        project.save(force_insert=True)
    else:
        project, content = _locked(activity.identifier, known)
        change_facts(project, activity)
    ids = _write(project, activity, content, text, known, outcome)
    _remember(project, activity.identifier, Content(text, ids))
    known.projects[activity.identifier] = Stored(project.pk, fingerprint(text))
    outcome.project_id = project.pk
    audit.record(
        known.by,
        Action.PROJECT_IMPORTED,
        project,
        became=str(outcome.became),
        fingerprint=fingerprint(text),
        **outcome.held,
    )
    return outcome


def _outcome(activity: Activity, became: Became, known: Known) -> Outcome:
    _language, title = first_of(by_language(activity.titles).items())
    return Outcome(
        identifier=activity.identifier,
        title=title,
        became=became,
        held=held_of(activity),
        organisations=_codes(organisations_of(activity, known)),
    )


def _codes(met: list[Organisation], *, only_kept: bool = False) -> set[str]:
    return {row.code for row in met if row.pk or not only_kept}


def _still_held(old: str, outcome: Outcome) -> Counter[str]:
    """Of a changed activity that is left alone: what the file has and the portal held before."""
    before = held_of_text(old)
    return Counter({name: min(number, before[name]) for name, number in outcome.held.items()})


def _content(stored: Stored) -> Content:
    packed = ImportedActivity.objects.filter(project_id=stored.project_id).values_list("content", flat=True).first()
    return Content.unpacked(packed) if packed else Content()


def _locked(identifier: str, known: Known) -> tuple[Project, Content]:
    """The project, locked, and what was said of it; refused where another import was quicker."""
    stored = known.projects[identifier]
    project = Project.objects.select_for_update().get(pk=stored.project_id)
    require(known.by, "projects.manage_framework", project)
    kept = ImportedActivity.objects.filter(project=project).first()
    if kept is not None and kept.fingerprint != stored.fingerprint:
        raise RuleBroken(_("Somebody else imported this activity in the meantime: read the file again."), "stale")
    return project, Content.unpacked(kept.content) if kept else Content()


def _write(project: Project, activity: Activity, content: Content, text: str, known: Known, outcome: Outcome) -> Ids:
    reporter = reporter_of(activity, known)
    places = known.places.of_activity(activity)
    known.save_new()
    old, new = json.loads(content.text), json.loads(text)

    def differs(part: str) -> bool:
        return bool(old.get(part) != new.get(part))

    if differs("countries"):
        project.countries.all().delete()
        write_countries(project, activity)
    if differs("sectors"):
        project.sectors.all().delete()
        write_sectors(project, activity)
    if differs("participants") or differs("reporter"):
        write_partnerships(project, activity, reporter, known)
    if differs("locations"):
        add_places(project, places.values())
    _write_money(project, activity, known, differs)
    if outcome.became is Became.CREATED:
        let_in(project, known)
    if not differs("results"):
        return content.ids
    return write_framework(project, activity, reporter, places, content.ids, known, outcome)


def _write_money(project: Project, activity: Activity, known: Known, differs: Callable[[str], bool]) -> None:
    if differs("budgets"):
        write_budgets(project, activity, known)
    if differs("transactions"):
        project.transactions.all().delete()
        write_transactions(project, activity, known)
    if differs("documents") or differs("results"):
        project.documents.all().delete()
        write_documents(project, activity)


def _remember(project: Project, identifier: str, content: Content) -> None:
    ImportedActivity.objects.update_or_create(
        project=project,
        defaults={"identifier": identifier, "fingerprint": fingerprint(content.text), "content": content.packed()},
    )
