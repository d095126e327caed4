"""Reads an IATI activity file piece by piece: memory grows with the largest activity, never with the file."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, BinaryIO, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lxml import etree

from projects.interop.iati import codes, sniff
from projects.interop.iati.activity import ActivityReader
from projects.interop.iati.problems import Problem, Problems, refuse
from projects.interop.iati.reading import XML_LANGUAGE, line_of
from projects.services.imports.shapes import Activity

PIECE = 65_536
ACTIVITY_CEILING = 40_000_000
"""Bytes of XML in one activity beyond which the file is refused: what it says must be held in memory whole."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the first, whole pass over a file has shown."""

    version: str
    activities: int


def inspect(file: BinaryIO) -> FileFacts:
    """Reads the whole file once without interpreting it: raises FileRefused where it can't be imported.

    Refused are files that are not well-formed XML (with the line), that are no IATI activity file of 2.01 to 2.03, or
    that hold no activity. After this nothing can break in the middle.
    """
    facts = FileFacts("", 0)
    for step, element in _steps(file):
        if step is Step.ROOT:
            facts = FileFacts(_version(element), 0)
        elif step is Step.CLOSE:
            facts = FileFacts(facts.version, facts.activities + 1)
    if not facts.activities:
        raise refuse("no-activity", _("There is no activity in the file."), line=1, path="/iati-activities")
    return facts


def read_activities(file: BinaryIO, problems: Problems) -> Iterator[Activity]:
    """The activities of a file, one at a time; what is wrong goes to `problems`.

    An activity without identifier, or with one that an earlier activity of the file has, is an error and left out.
    Raises FileRefused as `inspect` does.
    """
    seen: dict[str, int] = {}
    language, position = "", 0
    reader: ActivityReader | None = None
    for step, element in _steps(file):
        if step is Step.ROOT:
            language = element.get(XML_LANGUAGE) or ""
            _tell_version(problems, _version(element), line_of(element))
        elif step is Step.OPEN:
            position += 1
            reader = ActivityReader(problems, element, position, language)
        elif reader is None:
            continue
        elif step is Step.PART:
            reader.take(element)
        else:
            activity = _once(reader, seen, problems, position)
            if activity is not None:
                yield activity


def _once(reader: ActivityReader, seen: dict[str, int], problems: Problems, position: int) -> Activity | None:
    if reader.identifier in seen:
        problems.add(_duplicate(reader.identifier, seen[reader.identifier], reader.line, position))
        return None
    activity = reader.finish()
    if activity is not None:
        seen[activity.identifier] = activity.line
    return activity


def _duplicate(identifier: str, first: int, line: int, position: int) -> Problem:
    facts = {"identifier": identifier, "line": first}
    detail = _("The identifier “%(identifier)s” was already used in line %(line)d; this activity is not kept.") % facts
    return Problem(line, f"/iati-activities/iati-activity[{position}]", "duplicate-identifier", detail)


def _tell_version(problems: Problems, version: str, line: int) -> None:
    if version not in codes.VERSIONS:
        detail = _("The version %(version)s is not known; the file is read as 2.03.") % {"version": version}
        problems.add(Problem(line, "/iati-activities/@version", "unknown-version", detail, "warning"))


# ---------------------------------------------------------------- the stream


class Step(Enum):
    """What has just happened in the stream."""

    ROOT = 1
    """The root element has opened."""
    OPEN = 2
    """An activity has opened: its attributes are there, its children not yet."""
    PART = 3
    """A child of an activity is whole; it is cleared after its turn."""
    CLOSE = 4
    """An activity is whole."""


def _steps(file: BinaryIO) -> Iterator[tuple[Step, etree._Element]]:
    source, parser, walk = sniff.opened(file), _parser(), Walk()
    while True:
        piece = source.read(PIECE)
        _feed(parser, piece)
        walk.held += len(piece)
        for event, element in _events(parser):
            step = walk.opens(element) if event == "start" else walk.closes(element)
            if step is Step.ROOT:
                _check_root(element)
            if step is not None:
                yield step, element
            if event == "end":
                walk.leave(element)
        if not piece:
            return
        if walk.held > ACTIVITY_CEILING:
            raise _too_large()


class Walk:
    """Where the stream is: how deep, inside an activity or not, and how much was read since the last one ended."""

    def __init__(self) -> None:
        self.held = 0
        self._depth = 0
        self._inside = False

    def opens(self, element: etree._Element) -> Step | None:
        """An element begins: the root, an activity, or nothing of interest."""
        self._depth += 1
        if self._depth == 1:
            return Step.ROOT
        if self._depth == 2:
            self._inside = element.tag == "iati-activity"
            return Step.OPEN if self._inside else None
        return None

    def closes(self, _element: etree._Element) -> Step | None:
        """An element ends: an activity's child, an activity, or nothing of interest."""
        if self._depth == 3 and self._inside:
            return Step.PART
        return Step.CLOSE if self._depth == 2 and self._inside else None

    def leave(self, element: etree._Element) -> None:
        """After an element's turn: it is freed where nothing needs it any more."""
        if self._depth == 2:
            self.held = 0
        if self._depth in (2, 3):
            _forget(element)
        self._depth -= 1


def _events(parser: "etree.XMLPullParser") -> Iterator[tuple[str, etree._Element]]:
    return cast("Iterator[tuple[str, etree._Element]]", parser.read_events())


def _parser() -> "etree.XMLPullParser":
    return etree.XMLPullParser(events=("start", "end"), resolve_entities=False, no_network=True, huge_tree=False)


def _feed(parser: "etree.XMLPullParser", piece: bytes) -> None:
    try:
        if piece:
            parser.feed(piece)
        else:
            parser.close()
    except etree.XMLSyntaxError as error:
        line, said = _first_fault(parser, error)
        raise refuse("not-well-formed", _not_well_formed(said), line=line) from error


def _first_fault(parser: "etree.XMLPullParser", error: etree.XMLSyntaxError) -> tuple[int, str]:
    """Line and reason of the fault that came first; the exception itself may only tell what followed from it."""
    log: Any = parser.feed_error_log
    faults = [entry for entry in log if entry.level_name != "WARNING" and entry.line]
    if faults:
        return int(faults[0].line), str(faults[0].message).strip().rstrip(".")
    return int(error.lineno or 0), str(error.msg or "").split(", line ")[0].strip()


def _not_well_formed(said: str) -> str:
    if "Invalid bytes in character encoding" in said or "not proper UTF-8" in said:
        return _(
            "Some bytes are not in the encoding that the file states (UTF-8 where it states none), as when a file is "
            "saved as Windows-1252. Save it as UTF-8. Nothing is imported."
        )
    for words, sentence in (("Excessive depth", _TOO_DEEP), ("Text node too long", _TOO_LONG)):
        if words in said:
            return str(sentence)
    return _("The file is not well-formed XML, so nothing is imported: %(reason)s.") % {"reason": said}


_TOO_DEEP = gettext_lazy("Elements stand more than 256 deep in each other, so nothing is imported.")
_TOO_LONG = gettext_lazy("A text is longer than 10 MB, so nothing is imported.")


def _forget(element: etree._Element) -> None:
    """Frees an element and whatever stands before it under its parent."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _too_large() -> Exception:
    megabytes = ACTIVITY_CEILING // 1_000_000
    return refuse("too-large", _("One activity is larger than %(megabytes)d MB.") % {"megabytes": megabytes})


# ---------------------------------------------------------------- the root


def _check_root(element: etree._Element) -> None:
    line, path = line_of(element), f"/{element.tag}"
    if element.tag == "iati-organisations":
        sentence = _("This is an IATI organisation file; only activity files can be imported.")
        raise refuse("organisation-file", sentence, line=line, path=path)
    if element.tag != "iati-activities":
        sentence = _("This is XML, but not an IATI activity file: it should begin with “iati-activities”.")
        raise refuse("not-iati", sentence, line=line, path=path)
    document_type: Any = element.getroottree().docinfo.internalDTD
    if document_type is not None and any(True for _entity in document_type.iterentities()):
        sentence = _("The file declares entities of its own, which are never resolved: save it without them.")
        raise refuse("entities", sentence, line=1)
    version = _version(element)
    if not version.startswith("2."):
        raise refuse("version", _old_version(version), line=line, path="/iati-activities/@version")


def _version(element: etree._Element) -> str:
    return (element.get("version") or "").strip()


def _old_version(version: str) -> str:
    if not version:
        return _(
            "The file states no IATI version, so it is taken for 1.0x, which can't be imported. Ask the publisher for "
            'version 2.03; if it is written in 2.01 to 2.03, add version="2.03" to iati-activities.'
        )
    if version.startswith("1"):
        return _(
            "The file is in IATI version %(version)s, which was withdrawn and can't be imported. Ask the publisher for "
            "version 2.01, 2.02 or 2.03, or convert it before."
        ) % {"version": version}
    return _("“%(version)s” is not an IATI version: files of 2.01, 2.02 and 2.03 can be imported.") % {
        "version": version
    }
