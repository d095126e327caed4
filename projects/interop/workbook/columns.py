"""The two sheets and their columns, with the headings of both languages and what else people write for them.

Reading goes by heading, never by position; case, accents, blanks and punctuation don't matter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.utils.translation import override

from projects.choices import AcrossPartners, AcrossTime, Direction, Measure, ResultLevel
from projects.services.imports.texts import code_of

LANGUAGES = ("en", "el")
RESULTS, TARGETS = "results", "targets"

SHEETS = {
    RESULTS: {"en": "Results and indicators", "el": "Αποτελέσματα και δείκτες"},
    TARGETS: {"en": "Periods and targets", "el": "Περίοδοι και στόχοι"},
}

YES_NO = {"yes": {"en": "yes", "el": "ναι"}, "no": {"en": "no", "el": "όχι"}}
_YES_NO_MORE = {"yes": ("true", "1", "y", "x"), "no": ("false", "0", "n", "")}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, headings by language, other names, and the choices that its drop-down offers."""

    key: str
    english: str
    greek: str
    others: tuple[str, ...] = ()
    choices: Callable[[], dict[str, str]] | None = None
    width: int = 18
    is_required: bool = False

    def heading(self, language: str) -> str:
        """The heading in a language, English where there is no other."""
        return self.greek if language == "el" else self.english

    def named(self, heading: str) -> bool:
        """Whether a heading means this column."""
        return code_of(heading) in {code_of(one) for one in (self.english, self.greek, *self.others)}


def _labels(choices: type[ResultLevel | Measure | Direction | AcrossPartners | AcrossTime]) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices.choices}


def levels() -> dict[str, str]:
    """Levels of results with their labels in the language of the moment."""
    return _labels(ResultLevel)


def measures() -> dict[str, str]:
    """Measures with their labels."""
    return _labels(Measure)


def directions() -> dict[str, str]:
    """Directions with their labels."""
    return _labels(Direction)


def across_partners() -> dict[str, str]:
    """Methods across partners and places with their labels."""
    return _labels(AcrossPartners)


def across_time() -> dict[str, str]:
    """Methods across time with their labels."""
    return _labels(AcrossTime)


def yes_no() -> dict[str, str]:
    """Yes and no; the labels follow the language by `choice_labels`."""
    return {key: key for key in YES_NO}


COLUMNS: dict[str, tuple[Column, ...]] = {
    RESULTS: (
        Column("level", "Level", "Επίπεδο", ("result level", "type"), levels, 12),
        Column("result_code", "Result code", "Κωδικός αποτελέσματος", ("result no", "result number"), width=12),
        Column("result_en", "Result (English)", "Αποτέλεσμα (αγγλικά)", ("result", "result title"), width=40),
        Column("result_el", "Result (Greek)", "Αποτέλεσμα (ελληνικά)", ("αποτέλεσμα",), width=40),
        Column("assumptions", "Assumptions", "Παραδοχές", width=24),
        Column("code", "Indicator code", "Κωδικός δείκτη", ("indicator no", "indicator number"), width=12),
        Column("title_en", "Indicator (English)", "Δείκτης (αγγλικά)", ("indicator", "indicator title"), width=40),
        Column("title_el", "Indicator (Greek)", "Δείκτης (ελληνικά)", ("δείκτης",), width=40),
        Column("definition", "Definition", "Ορισμός", width=30),
        Column("unit", "Unit", "Μονάδα", ("unit of measure",), width=14),
        Column("measure", "Measure", "Μέτρο", ("measure type",), measures, 14),
        Column("formula", "Formula", "Τύπος υπολογισμού", width=24),
        Column("direction", "Direction", "Κατεύθυνση", (), directions, 12),
        Column("cumulative", "Running totals", "Σωρευτικά σύνολα", ("cumulative", "σωρευτικός"), yes_no, 12),
        Column("partners", "Across partners and places", "Μεταξύ εταίρων και τόπων", (), across_partners, 18),
        Column("time", "Across time", "Στον χρόνο", (), across_time, 18),
        Column("dimensions", "Broken down by", "Ανάλυση κατά", ("disaggregation", "disaggregated by"), width=18),
        Column("baseline", "Baseline", "Τιμή βάσης", ("baseline value",), width=12),
        Column("baseline_of", "Baseline: out of", "Τιμή βάσης: επί συνόλου", ("baseline denominator",), width=12),
        Column("baseline_year", "Baseline year", "Έτος βάσης", width=10),
        Column("source", "Means of verification", "Μέσα επαλήθευσης", ("source",), width=24),
    ),
    TARGETS: (
        Column("code", "Indicator code", "Κωδικός δείκτη", ("indicator",), width=14, is_required=True),
        Column("start", "Start", "Έναρξη", ("period start", "from", "από"), width=12),
        Column("end", "End", "Λήξη", ("period end", "to", "until", "έως"), width=12),
        Column("due", "Due", "Προθεσμία", ("due date",), width=12),
        Column("cell", "Breakdown", "Ανάλυση", ("disaggregation",), width=28),
        Column("target", "Target", "Στόχος", ("target value",), width=12),
        Column("target_of", "Target: out of", "Στόχος: επί συνόλου", ("target denominator",), width=12),
        Column("words", "Target in words", "Στόχος με λόγια", width=30),
    ),
}


def choice_labels(column: Column, language: str) -> dict[str, str]:
    """What the drop-down of a column offers in a language, by value."""
    if column.choices is None:
        return {}
    if column.choices is yes_no:
        return {key: labels[language] for key, labels in YES_NO.items()}
    with override(language):
        return column.choices()


@cache
def choice_of(column: Column) -> dict[str, str]:
    """What people write in a column with a drop-down, as a code, and the value it means; labels of both languages."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        for value, label in choice_labels(column, language).items():
            found[code_of(value)] = value
            found.setdefault(code_of(label), value)
    if column.choices is yes_no:
        found |= {code_of(text): value for value, texts in _YES_NO_MORE.items() for text in texts if text}
    return found


def sheet_named(name: str) -> str:
    """Which of the two sheets a sheet's name means; "" for neither."""
    wanted = code_of(name)
    return next((key for key, names in SHEETS.items() if wanted in {code_of(one) for one in names.values()}), "")
