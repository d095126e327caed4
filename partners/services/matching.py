"""Organisations met in a file: the one that is known already, or a new one; matched by identifier, then by name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.text import fold
from partners.choices import Action, IatiType, Sector
from partners.models import Organisation, OrganisationName

LONGEST_REF, LONGEST_NAME, LONGEST_CODE = 200, 500, 60

SECTOR_OF_TYPE = {
    "10": Sector.GOVERNMENT,
    "11": Sector.GOVERNMENT,
    "15": Sector.INSTITUTION,
    "21": Sector.CIVIL_SOCIETY,
    "22": Sector.CIVIL_SOCIETY,
    "23": Sector.CIVIL_SOCIETY,
    "24": Sector.CIVIL_SOCIETY,
    "30": Sector.INSTITUTION,
    "40": Sector.INTERNATIONAL,
    "60": Sector.INSTITUTION,
    "70": Sector.BUSINESS,
    "71": Sector.BUSINESS,
    "72": Sector.BUSINESS,
    "73": Sector.BUSINESS,
    "80": Sector.ACADEMIA,
}
"""IATI organisation types (code list OrganisationType) as sectors; others count as institutions."""


@dataclass(slots=True)
class OrganisationMatcher:
    """Knows all organisations of the portal for the length of one import.

    `match` finds or makes one in memory; `save` writes what is new, inside the transaction of the act that needs it.
    After a rolled-back transaction a new matcher is needed, since this one believes what was never kept.
    """

    by_ref: dict[str, Organisation] = field(default_factory=dict)
    by_name: dict[str, Organisation] = field(default_factory=dict)
    names: set[tuple[int, str]] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    new: list[Organisation] = field(default_factory=list)
    adopted: list[Organisation] = field(default_factory=list)
    met: dict[tuple[int, str], tuple[Organisation, str]] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "OrganisationMatcher":
        """Read all organisations and the names under which they were met, in two statements."""
        matcher = cls()
        organisations = {row.pk: row for row in Organisation.objects.order_by("id")}
        for row in organisations.values():
            matcher._know(row, [row.name, *row.names.values()])
        for organisation_id, folded in OrganisationName.objects.values_list("organisation_id", "folded"):
            matcher.by_name.setdefault(folded, organisations[organisation_id])
            matcher.names.add((organisation_id, folded))
        return matcher

    def match(self, *, ref: str, names: dict[str, str], iati_type: str) -> Organisation | None:
        """The organisation with this identifier, else with one of these names, else a new one; None for nothing said.

        `names` are by language. An organisation that is known by name only takes over the identifier it is met with.
        """
        ref = ref if len(ref) <= LONGEST_REF else ""
        folded = [fold(name)[:LONGEST_NAME] for name in names.values()]
        found = self.by_ref.get(ref.casefold()) if ref else None
        if found is None:
            found = next((self.by_name[name] for name in folded if name in self.by_name), None)
            if found is not None and ref:
                found = self._adopt(found, ref)
        if found is None:
            if not ref and not names:
                return None
            found = self._make(ref, names, iati_type)
        self._remember(found, folded)
        return found

    def named(self, name: str) -> Organisation:
        """The organisation with this name, or a new one; `name` is not empty."""
        return self.by_name.get(fold(name)[:LONGEST_NAME]) or self._make("", {"und": name}, "")

    def save(self, *, by: User) -> None:
        """Write the new organisations, identifiers and names, with one audit entry for each organisation."""
        new, adopted, self.new, self.adopted = self.new, self.adopted, [], []
        Organisation.objects.bulk_create(new, batch_size=200)
        Organisation.objects.bulk_update(adopted, ["iati_identifier", "search_text"], batch_size=200)
        rows = [
            OrganisationName(organisation=organisation, folded=name)
            for organisation, name in self.met.values()
            if (organisation.pk, name) not in self.names
        ]
        OrganisationName.objects.bulk_create(rows, ignore_conflicts=True, batch_size=200)
        self.names.update((row.organisation_id, row.folded) for row in rows)
        self.met = {}
        self._record(new, Action.ORGANISATION_CREATED, by)
        self._record(adopted, Action.ORGANISATION_CHANGED, by)

    @staticmethod
    def _record(rows: list[Organisation], action: Action, by: User) -> None:
        if rows:
            audit.record_many(by, action, [(row, {"code": row.code, "sector": row.sector}) for row in rows])

    def _adopt(self, found: Organisation, ref: str) -> Organisation | None:
        """A namesake with another identifier is another organisation; one without takes this one."""
        if found.iati_identifier:
            return None
        found.iati_identifier = ref
        found.search_text = fold(found.code, found.name, *found.names.values(), ref)
        self.by_ref[ref.casefold()] = found
        if found.pk is not None and found not in self.adopted:
            self.adopted.append(found)
        return found

    def _make(self, ref: str, names: dict[str, str], iati_type: str) -> Organisation:
        name = (names.get("en") or next(iter(names.values()), "") or ref)[:LONGEST_NAME]
        made = Organisation(
            code=self._free_code(ref or name),
            name=name,
            names=names if len(names) > 1 else {},
            sector=SECTOR_OF_TYPE.get(iati_type, Sector.INSTITUTION),
            iati_type=iati_type if iati_type in IatiType.values else "",
            iati_identifier=ref,
        )
        made.search_text = fold(made.code, made.name, *made.names.values(), ref)
        self.new.append(made)
        self._know(made, names.values())
        return made

    def _know(self, row: Organisation, names: Iterable[str]) -> None:
        self.codes.add(row.code.casefold())
        if row.iati_identifier:
            self.by_ref[row.iati_identifier.casefold()] = row
        for name in names:
            self.by_name.setdefault(fold(name)[:LONGEST_NAME], row)

    def _remember(self, row: Organisation, folded: list[str]) -> None:
        for name in folded:
            self.by_name.setdefault(name, row)
            if row.pk is None or (row.pk, name) not in self.names:
                self.met[id(row), name] = (row, name)

    def _free_code(self, wanted: str) -> str:
        plain = re.sub(r"[^A-Za-z0-9]+", "-", wanted).strip("-")[: LONGEST_CODE - 6] or "ORG"
        code, number = plain, 1
        while code.casefold() in self.codes:
            number += 1
            code = f"{plain}-{number}"
        return code
