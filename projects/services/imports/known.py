"""What one import knows of the portal while it runs: organisations, places, cells, projects, and who acts."""

from dataclasses import dataclass, field

from kmop.accounts.models import User
from kmop.accounts.services.users import service_account
from partners.models import Organisation
from partners.services.matching import OrganisationMatcher
from projects.choices import ProjectRoleName
from projects.models import ImportedActivity, Project
from projects.services.imports.cells import CellNames
from projects.services.imports.places import PlaceMatcher
from projects.services.imports.shapes import Organisation as Named
from projects.services.imports.texts import by_language

IMPORTER = "importer"


@dataclass(frozen=True, slots=True)
class Stored:
    """A project that has an IATI identifier, and the fingerprint of what a file last said of it ("": no file yet)."""

    project_id: int
    fingerprint: str


@dataclass(slots=True)
class Known:
    """Read once for a whole file; after a rolled-back activity it is read anew."""

    by: User
    importer: User
    organisations: OrganisationMatcher
    places: PlaceMatcher
    cells: CellNames
    projects: dict[str, Stored] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    role: str = ""
    visible: frozenset[int] = frozenset()
    matched: dict[Named, Organisation | None] = field(default_factory=dict)

    @classmethod
    def load(cls, by: User) -> "Known":
        """Read everything in a fixed number of statements; `by` is the person or account that started the import."""
        projects = {
            identifier: Stored(pk, "")
            for identifier, pk in Project.objects.exclude(iati_identifier="").values_list("iati_identifier", "pk")
        }
        for identifier, pk, fingerprint in ImportedActivity.objects.values_list(
            "identifier", "project_id", "fingerprint"
        ):
            projects[identifier] = Stored(pk, fingerprint)
        return cls(
            by=by,
            importer=service_account(IMPORTER),
            organisations=OrganisationMatcher.load(),
            places=PlaceMatcher.load(),
            cells=CellNames.load(),
            projects=projects,
            role=_role_of(by),
            visible=frozenset(Project.objects.visible_to(by).values_list("pk", flat=True)),
            codes={code.casefold() for code in Project.objects.values_list("code", flat=True)},
        )

    def match(self, named: Named) -> Organisation | None:
        """The organisation that an element names; None where it names none."""
        if named not in self.matched:
            names = by_language(named.names)
            self.matched[named] = self.organisations.match(ref=named.ref, names=names, iati_type=named.type)
        return self.matched[named]

    def save_new(self) -> None:
        """Write the organisations, places, dimensions and categories that were met for the first time."""
        self.organisations.save(by=self.importer)
        self.places.save()
        self.cells.save()


def _role_of(by: User) -> str:
    """The role in which a person who imports works elsewhere: she gets it in what she imports."""
    held = set(by.project_roles.values_list("role", flat=True))
    return next((one for one in (ProjectRoleName.PROJECT_MANAGER, ProjectRoleName.ME_OFFICER) if one in held), "")
