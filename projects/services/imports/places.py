"""Places met in a file: known by the code of a gazetteer, else by the activity that names them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from kmop.shared.text import fold
from projects.choices import PlaceLevel
from projects.models import Place
from projects.services.imports.shapes import Activity, Location
from projects.services.imports.texts import by_language, first_of, short_hash

ISO_COUNTRY, ISO_REGION = "A4", "A5"
LONGEST_CODE = 40
OWN_DIGITS = 16
LEVELS = {ISO_COUNTRY: PlaceLevel.COUNTRY, ISO_REGION: PlaceLevel.REGION}


@dataclass(slots=True)
class PlaceMatcher:
    """Knows the places met so far; `save` writes new ones in the transaction that needs them."""

    places: dict[str, Place] = field(default_factory=dict)
    new: list[Place] = field(default_factory=list)

    @classmethod
    def load(cls) -> "PlaceMatcher":
        """Read all places in one statement."""
        return cls({place.code: place for place in Place.objects.all()})

    def of_activity(self, activity: Activity) -> dict[str, Place]:
        """The activity's places by the name under which its figures refer to them."""
        found: dict[str, Place] = {}
        for number, location in enumerate(activity.locations, 1):
            place = self._place(activity, location, number)
            found.setdefault(location.ref or f"#{number}", place)
        return found

    def of_figure(self, activity: Activity, known: dict[str, Place], refs: tuple[str, ...]) -> Place | None:
        """The place of a figure: None for no place; several places together are an area of their own."""
        if not refs:
            return None
        places = [known.get(ref) or self._unlisted(activity, ref) for ref in refs]
        return places[0] if len(places) == 1 else self._together(places)

    def save(self) -> None:
        """Write what is new."""
        new, self.new = self.new, []
        Place.objects.bulk_create(new, batch_size=200)

    def _place(self, activity: Activity, location: Location, number: int) -> Place:
        vocabulary, code = _gazetteer_code(location)
        is_point = location.latitude is not None and location.exactness == "1"
        code = code or _own_code(activity.identifier, location.ref or _said(location, number))
        names = by_language(location.names)
        _language, name = first_of(names.items())
        return self._known_or_new(
            code,
            name or location.ref or code,
            names if len(names) > 1 else {},
            location.latitude,
            location.longitude,
            LEVELS.get(vocabulary, PlaceLevel.POINT if is_point else PlaceLevel.TOWN),
        )

    def _unlisted(self, activity: Activity, ref: str) -> Place:
        return self._known_or_new(_own_code(activity.identifier, ref), ref)

    def _together(self, places: list[Place]) -> Place:
        code = "I-" + short_hash("|".join(sorted(place.code for place in places)), OWN_DIGITS)
        return self._known_or_new(code, " + ".join(place.name for place in places), level=PlaceLevel.REGION)

    def _known_or_new(
        self,
        code: str,
        name: str,
        names: dict[str, str] | None = None,
        latitude: Decimal | None = None,
        longitude: Decimal | None = None,
        level: PlaceLevel = PlaceLevel.TOWN,
    ) -> Place:
        if code not in self.places:
            made = Place(code=code, name=name[:300], names=names or {}, level=level)
            made.latitude, made.longitude = _rounded(latitude), _rounded(longitude)
            made.search_text = fold(made.code, made.name, *made.names.values())
            self.places[code] = made
            self.new.append(made)
        return self.places[code]


def _gazetteer_code(location: Location) -> tuple[str, str]:
    """Vocabulary and code: GR-I for an ISO region, GR for an ISO country, G1-264371 for another gazetteer's place."""
    for vocabulary, code in sorted(location.codes, key=_by_precision):
        if not code or not vocabulary:
            continue
        found = code.upper() if vocabulary in (ISO_COUNTRY, ISO_REGION) else f"{vocabulary}-{code}"
        if len(found) <= LONGEST_CODE:
            return vocabulary, found
    return "", ""


def _by_precision(pair: tuple[str, str]) -> int:
    return {ISO_REGION: 0, ISO_COUNTRY: 2}.get(pair[0], 1)


def _own_code(identifier: str, name: str) -> str:
    return f"I-{short_hash(f'{identifier}|{name}', OWN_DIGITS)}"


def _said(location: Location, number: int) -> str:
    said: Iterable[str] = (one.text for one in location.names)
    return next(iter(said), "") or f"{location.latitude} {location.longitude} {number}"


def _rounded(degrees: Decimal | None) -> Decimal | None:
    return None if degrees is None else round(degrees, 6)
