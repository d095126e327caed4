"""What a reader of elements needs at hand: the problems of the file, where an element stands, which language holds."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext as _
from lxml import etree

from projects.calculation.validate import DECIMALS, LARGEST
from projects.interop.iati import values
from projects.interop.iati.problems import Problem, Problems, Severity
from projects.services.imports.shapes import Narrative, Narratives

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_NUMBERED = frozenset({"indicator", "period"})
_ROOT_PATH = "/iati-activities/iati-activity[%d]"


class Reading:
    """One activity being read. `position` is its place among the activities of the file, from 1."""

    def __init__(self, problems: Problems, position: int, activity: "Element", language: str = "") -> None:
        self._problems = problems
        self._position = position
        self._activity = activity
        self._places: dict[Element, dict[Element, int]] = {}
        self._met: Counter[object] = Counter()
        self._current: tuple[Element | None, str] = (None, "")
        self.language = values.language(activity.get(XML_LANGUAGE) or language)
        self.currency = ""

    def warn(self, element: "Element", code: str, detail: str, *, attribute: str = "") -> None:
        """A warning about an element (or one of its attributes): what it is about is kept."""
        self._add(element, code, detail, attribute, "warning")

    def fail(self, element: "Element", code: str, detail: str, *, attribute: str = "") -> None:
        """An error about an element: it can't be kept."""
        self._add(element, code, detail, attribute, "error")

    def _add(self, element: "Element", code: str, detail: str, attribute: str, severity: Severity) -> None:
        path = self.path(element) + (f"/@{attribute}" if attribute else "")
        self._problems.add(Problem(line_of(element), path, code, detail, severity))

    def number(self, child: "Element") -> None:
        """Count a child of the activity as it is met: its siblings don't stay in memory to be counted later."""
        self._met[child.tag] += 1
        self._places.clear()
        self._current = child, f"{child.tag}[{self._met[child.tag]}]"

    def path(self, element: "Element") -> str:
        """Where an element stands, such as /iati-activities/iati-activity[12]/result[3]/indicator[1]/period[2]."""
        steps: list[str] = []
        while element is not self._activity:
            if element is self._current[0]:
                steps.append(self._current[1])
                break
            parent = element.getparent()
            if parent is None:
                break
            steps.append(self._step(parent, element))
            element = parent
        return "/".join([_ROOT_PATH % self._position, *reversed(steps)])

    def _step(self, parent: "Element", element: "Element") -> str:
        places = self._places.get(parent)
        if places is None:
            places = self._places[parent] = _numbered(parent)
        number, tag = places[element], str(element.tag)
        alone = number == 1 and tag not in _NUMBERED and next(element.itersiblings(tag), None) is None
        return tag if alone else f"{tag}[{number}]"

    # ------------------------------------------------------------ texts

    def narratives(self, element: "Element | None") -> Narratives:
        """The texts of an element by language; empty ones are left out, equal ones are told once."""
        if element is None:
            return ()
        found: dict[Narrative, None] = {}
        for child in element:
            if child.tag != "narrative":
                continue
            text = text_of(child).strip()
            if text:
                found[Narrative(self._language_of(child, element), text)] = None
            if len(child) and any(piece.tag is etree.Entity for piece in child.iter()):
                self.warn(child, "entity", _("The text holds an entity that is declared elsewhere: it is left out."))
        if not found:
            self._bare_text(element, found)
        return tuple(found)

    def _bare_text(self, element: "Element", found: dict[Narrative, None]) -> None:
        """Text that stands in the element itself (the way of 1.0x): kept, and told."""
        text = values.squeeze(element.text)
        if text:
            self.warn(element, "no-narrative", _("The text should stand in a “narrative” element."))
            found[Narrative(self._language_of(element, element), text)] = None

    def _language_of(self, narrative: "Element", parent: "Element") -> str:
        stated = narrative.get(XML_LANGUAGE) or parent.get(XML_LANGUAGE)
        return values.language(stated) if stated else self.language

    # ------------------------------------------------------------ attributes

    def code(self, element: "Element", attribute: str, allowed: frozenset[str] | None = None) -> str:
        """A code from an attribute, trimmed; a warning where it stands outside its list."""
        code = values.squeeze(element.get(attribute))
        if allowed is not None and code and code not in allowed:
            detail = _("The code “%(code)s” is not in the code list.") % {"code": code}
            self.warn(element, "unknown-code", detail, attribute=attribute)
        return code

    def storable(self, element: "Element", number: Decimal, *, attribute: str = "") -> Decimal | None:
        """The number as the portal keeps it: rounded to six decimals (told); None beyond 9 x 10^12 (an error)."""
        if abs(number) > LARGEST:
            detail = _("The number is larger than 9,000,000,000,000: kept as text.")
            self.fail(element, "too-large", detail, attribute=attribute)
            return None
        rounded = round(number, DECIMALS)
        if rounded != number:
            detail = _("“%(text)s” has more than six decimals: rounded.") % {"text": str(number)[:80]}
            self.warn(element, "rounded", detail, attribute=attribute)
            return rounded
        return number

    def boolean(self, element: "Element", attribute: str) -> bool | None:
        """xs:boolean; None where nothing is stated, or where what is stated is none (told)."""
        text = element.get(attribute)
        if text is None:
            return None
        found = values.boolean(text)
        if found is None:
            detail = _("“%(text)s” is neither true nor false.") % {"text": text}
            self.warn(element, "not-boolean", detail, attribute=attribute)
        return found


def firsts(element: "Element") -> "dict[str, Element]":
    """The first child of every tag."""
    found: dict[str, Element] = {}
    for child in element:
        found.setdefault(child.tag, child)
    return found


def line_of(element: "Element") -> int:
    """The line in which an element begins, from 1; 0 where it is not known."""
    return cast("int | None", element.sourceline) or 0


def text_of(element: "Element") -> str:
    """The text of an element and of what stands inside it, without comments and processing instructions."""
    if not len(element):
        return element.text or ""
    return "".join(_pieces(element))


def _pieces(element: "Element") -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from _pieces(child)
        yield child.tail or ""


def _numbered(parent: "Element") -> dict["Element", int]:
    numbers: dict[Element, int] = {}
    seen: dict[object, int] = {}
    for child in parent:
        seen[child.tag] = numbers[child] = seen.get(child.tag, 0) + 1
    return numbers
