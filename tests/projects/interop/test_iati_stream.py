"""Reading IATI activity files: what is refused, what is told, what is kept, line by line."""

import io
from decimal import Decimal

import pytest

from projects.interop.iati.problems import CEILING, FileRefused, Problem, Problems
from projects.interop.iati.stream import FileFacts, inspect, read_activities
from projects.services.imports.shapes import Activity, Amount, Measured, Narrative, Organisation

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03">\n'
TAIL = "</iati-activities>\n"


def one(inner: str = "", identifier: str = "AA-1", attributes: str = 'default-currency="EUR" xml:lang="en"') -> str:
    """An activity in four lines and its inner XML from line 4 of the activity on."""
    return (
        f"<iati-activity {attributes}>\n<iati-identifier>{identifier}</iati-identifier>\n"
        f'<reporting-org ref="AA" type="22"><narrative>A</narrative></reporting-org>'
        f"<title><narrative>T</narrative></title>\n{inner}\n</iati-activity>\n"
    )


def read(content: bytes | str) -> tuple[list[Activity], Problems]:
    """All activities of a file held in memory, and its problems."""
    problems = Problems()
    data = content.encode() if isinstance(content, str) else content
    return list(read_activities(io.BytesIO(data), problems)), problems


def refusal(content: bytes | str) -> Problem:
    """The problem for which a file is refused, which both passes tell alike."""
    data = content.encode() if isinstance(content, str) else content
    with pytest.raises(FileRefused) as seen:
        inspect(io.BytesIO(data))
    return seen.value.problem


def told(problems: Problems) -> list[tuple[int, str, str]]:
    """Line, path and code of all problems, errors first."""
    return [(each.line, each.path, each.code) for each in [*problems.errors, *problems.warnings]]


@pytest.mark.parametrize(
    "content, code, line",
    [
        (b"", "empty", 0),
        (b" \r\n\t", "empty", 0),
        (b"PK\x03\x04rest", "zip", 0),
        (b"\xd0\xcf\x11\xe0rest", "old-office", 0),
        (b"%PDF-1.7", "pdf", 0),
        (b"\x1f\x8b\x08", "gzip", 0),
        ("<a/>".encode("utf-32"), "utf-32", 0),
        (b"This is not XML", "not-xml", 1),
        (b'{"a": 1}', "not-xml", 1),
        (b"<!DOCTYPE html><html></html>", "web-page", 1),
        (b"\n\n" + HEAD.encode(), "not-well-formed", 3),
        (b"<tag>\n</tag>", "not-iati", 1),
        (b'<iati-organisations version="2.03"/>', "organisation-file", 1),
        (b'<iati-activities version="1.04"><iati-activity/></iati-activities>', "version", 1),
        (b"<iati-activities><iati-activity/></iati-activities>", "version", 1),
        (b'<iati-activities version="xx"><iati-activity/></iati-activities>', "version", 1),
        ((HEAD + TAIL).encode(), "no-activity", 1),
        ((HEAD + one() + "<iati-activity>\n<title>").encode(), "not-well-formed", 9),
        ((HEAD + one() + one("<me:x/>") + TAIL).encode(), "not-well-formed", 11),
        (HEAD.encode() + one("<title><narrative>\xff</narrative></title>").encode("latin-1"), "not-well-formed", 6),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><iati-activities version="2.03"/>', "entities", 1),
        ((HEAD + one() + one("<description>&nbsp;</description>") + TAIL).encode(), "not-well-formed", 11),
        (HEAD.replace("UTF-8", "foo").encode(), "not-well-formed", 1),
        ((HEAD + one("<a>" * 300 + "</a>" * 300) + TAIL).encode(), "not-well-formed", 6),
        ((HEAD + one(f"<description>{'x' * 11_000_000}</description>") + TAIL).encode(), "not-well-formed", 6),
    ],
)
def test_files_that_cannot_be_imported_are_refused_with_their_line(content: bytes, code: str, line: int) -> None:
    problem = refusal(content)
    assert (problem.code, problem.line, problem.severity) == (code, line, "error")


def test_version_1_says_what_to_do() -> None:
    said = refusal('<iati-activities version="1.03"/>').detail
    assert said == (
        "The file is in IATI version 1.03, which was withdrawn and can't be imported. Ask the publisher for version "
        "2.01, 2.02 or 2.03, or convert it before."
    )


def test_a_later_version_2_is_read_and_told() -> None:
    activities, problems = read(f'<iati-activities version="2.04">{one()}</iati-activities>')
    assert [each.identifier for each in activities] == ["AA-1"]
    assert told(problems) == [(1, "/iati-activities/@version", "unknown-version")]


def test_inspect_counts_without_interpreting() -> None:
    assert inspect(io.BytesIO((HEAD + one() + one() + TAIL).encode())) == FileFacts("2.03", 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding: str) -> None:
    content = HEAD.replace("UTF-8", "UTF-16" if "16" in encoding else "UTF-8") + one().replace(">T<", ">Τίτλος<") + TAIL
    activities, problems = read(content.encode(encoding))
    assert activities[0].titles == (Narrative("en", "Τίτλος"),)
    assert told(problems) == []


def test_a_declared_windows_1252_is_read() -> None:
    content = HEAD.replace("UTF-8", "windows-1252") + one().replace(">T<", ">Straße €<") + TAIL
    assert read(content.encode("cp1252"))[0][0].titles == (Narrative("en", "Straße €"),)


def test_lines_that_end_with_cr_alone_are_counted() -> None:
    content = HEAD + one('<activity-date type="1" iso-date="soon"/>') + TAIL
    assert told(read(content.replace("\n", "\r"))[1]) == [
        (6, "/iati-activities/iati-activity[1]/activity-date[1]/@iso-date", "not-a-date")
    ]


def test_a_broken_activity_never_stops_the_others() -> None:
    content = HEAD + one(identifier="") + one() + one(identifier=" AA-1\n") + one(identifier="AA-2") + TAIL
    activities, problems = read(content)
    assert [each.identifier for each in activities] == ["AA-1", "AA-2"]
    assert told(problems) == [
        (3, "/iati-activities/iati-activity[1]", "no-identifier"),
        (13, "/iati-activities/iati-activity[3]", "duplicate-identifier"),
    ]


def test_an_identifier_that_is_too_long_is_an_error() -> None:
    activities, problems = read(HEAD + one(identifier="x" * 301) + TAIL)
    assert (activities, told(problems)) == ([], [(3, "/iati-activities/iati-activity[1]", "no-identifier")])


def test_foreign_elements_comments_and_instructions_are_passed_over() -> None:
    inner = (
        '<x:extra xmlns:x="urn:x"><x:title>no</x:title></x:extra><!-- c --><?php no ?>'
        '<description type="2"><narrative>a<!-- b -->c<?pi d?><b>e</b>f</narrative><narrative/></description>'
    )
    activities, problems = read(HEAD + "<!-- before -->" + one(inner) + '<x:y xmlns:x="u"/>' + TAIL)
    assert activities[0].descriptions[0].texts == (Narrative("en", "acef"),)
    assert told(problems) == []


def test_entities_of_elsewhere_are_left_out_and_told() -> None:
    content = '<!DOCTYPE a SYSTEM "urn:x">' + (
        HEAD + one("<description><narrative>a&b;c</narrative></description>") + TAIL
    )
    activities, problems = read(content.replace(HEAD.splitlines()[0], ""))
    assert activities[0].descriptions[0].texts == (Narrative("en", "ac"),)
    assert [code for _line, _path, code in told(problems)] == ["entity"]


def test_what_is_too_deep_or_too_long_is_said_in_words() -> None:
    assert "256 deep" in refusal(HEAD + one("<a>" * 300 + "</a>" * 300) + TAIL).detail
    assert "10 MB" in refusal(HEAD + one(f"<description>{'x' * 11_000_000}</description>") + TAIL).detail


def test_a_narrative_of_twenty_thousand_characters_is_kept_whole() -> None:
    text = "λέξη " * 4000
    activities, _problems = read(HEAD + one(f"<description><narrative>{text}</narrative></description>") + TAIL)
    assert activities[0].descriptions[0].texts == (Narrative("en", text.strip()),)


@pytest.mark.parametrize(
    "attributes, own, language",
    [
        ('xml:lang="EN"', "", "en"),
        ('xml:lang="ENG"', "", "en"),
        ('xml:lang="en-GB"', "", "en"),
        ('xml:lang="fr"', 'xml:lang="el"', "el"),
        ('xml:lang="fr"', 'xml:lang="gre"', "el"),
        ("", "", "und"),
        ("", 'xml:lang="klingon"', "und"),
        ("", 'xml:lang="grc"', "grc"),
    ],
)
def test_languages(attributes: str, own: str, language: str) -> None:
    inner = f"<description><narrative {own}>x</narrative></description>"
    activities, _problems = read(HEAD + one(inner, attributes=attributes) + TAIL)
    assert activities[0].descriptions[0].texts == (Narrative(language, "x"),)


def test_text_outside_narrative_is_kept_and_told() -> None:
    activities, problems = read(HEAD + one("<description>bare</description>") + TAIL)
    assert activities[0].descriptions[0].texts == (Narrative("en", "bare"),)
    assert told(problems) == [(6, "/iati-activities/iati-activity[1]/description[1]", "no-narrative")]


def test_a_class_of_channels_is_no_organisations_identifier() -> None:
    inner = (
        '<participating-org ref="22000" role="1"><narrative>Care</narrative></participating-org>'
        '<participating-org ref="22000" role="4"/><participating-org ref="44000" role="4"/>'
    )
    activities, _problems = read(HEAD + one(inner) + TAIL)
    assert [each.ref for each in activities[0].participants] == ["", "22000", "44000"]


def test_organisations_by_ref_and_place_holders() -> None:
    inner = (
        '<participating-org ref="-" role="1" type="10"><narrative>Ministry</narrative></participating-org>'
        '<participating-org ref=" GB-1 " role="9"/><participating-org role="4"/>'
    )
    activities, problems = read(HEAD + one(inner) + TAIL)
    assert activities[0].participants == (
        Organisation("", "10", "1", "", (Narrative("en", "Ministry"),)),
        Organisation("GB-1", "", "9"),
    )
    assert told(problems) == [(6, "/iati-activities/iati-activity[1]/participating-org[2]/@role", "unknown-code")]


AMOUNTS = [
    ("<value>1000</value>", Amount(Decimal(1000), "EUR"), []),
    ('<value currency="usd">-5.5</value>', Amount(Decimal("-5.5"), "USD"), []),
    ("<value> 1,234.50 </value>", Amount(Decimal("1234.50"), "EUR"), ["loose-number"]),
    ("<value>much</value>", Amount(text="much EUR"), ["not-a-number"]),
    ("<value>1.1234567</value>", Amount(Decimal("1.123457"), "EUR"), ["rounded"]),
    ("<value>10000000000000</value>", Amount(text="10000000000000 EUR"), ["too-large"]),
    ('<value currency="EURO">5</value>', Amount(text="5"), ["no-currency"]),
    ('<value currency="QQQ">5</value>', Amount(Decimal(5), "QQQ"), ["unknown-code"]),
    ("<value/>", Amount(), ["no-amount"]),
]


@pytest.mark.parametrize("value, amount, codes", AMOUNTS)
def test_amounts(value: str, amount: Amount, codes: list[str]) -> None:
    inner = (
        f'<transaction><transaction-type code="3"/><transaction-date iso-date="2025-06-30+08:00"/>{value}</transaction>'
    )
    activities, problems = read(HEAD + one(inner) + TAIL)
    transaction = activities[0].transactions[0]
    assert (transaction.amount, str(transaction.day)) == (amount, "2025-06-30")
    assert [code for _line, _path, code in told(problems)] == codes


def test_an_amount_without_any_currency_is_an_error() -> None:
    inner = "<budget><value>5</value></budget><transaction><value>5</value></transaction>"
    activities, problems = read(HEAD + one(inner, attributes="") + TAIL)
    assert (activities[0].budgets, activities[0].transactions[0].amount) == ((), Amount(text="5"))
    assert [(each.code, each.path) for each in problems.errors] == [
        ("no-currency", "/iati-activities/iati-activity[1]/budget[1]/value"),
        ("no-currency", "/iati-activities/iati-activity[1]/transaction[1]/value"),
    ]


def framework(inside: str, measure: str = "1", attributes: str = 'ascending="true"') -> str:
    """A result with one indicator that holds `inside`."""
    return (
        '<result type="1" aggregation-status="0"><title><narrative>R</narrative></title>'
        f'<indicator measure="{measure}" {attributes}><title><narrative>I</narrative></title>{inside}'
        "</indicator></result>"
    )


VALUES = [
    ("12", "1", Decimal(12), []),
    ("23,152 ", "1", None, ["not-a-number"]),
    ("10,000.00", "1", Decimal("10000.00"), ["loose-number"]),
    ("1,234,567", "1", Decimal(1234567), ["loose-number"]),
    ("36%", "2", Decimal(36), ["loose-number"]),
    ("36%", "1", None, ["not-a-number"]),
    ("Yes", "5", None, ["not-a-number"]),
    (" 17 women owned organizations", "1", None, ["not-a-number"]),
    ("", "1", None, ["no-value"]),
    ("157.5000000000", "1", Decimal("157.5"), []),
    ("1e3", "1", Decimal(1000), []),
    ("٤٢", "1", Decimal(42), []),
]


@pytest.mark.parametrize("text, measure, number, codes", VALUES)
def test_values_keep_their_text(text: str, measure: str, number: Decimal | None, codes: list[str]) -> None:
    inner = framework(
        '<period><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>'
        f'<target value="1"/><actual value="{text}"/></period>',
        measure,
    )
    activities, problems = read(HEAD + one(inner) + TAIL)
    actual = activities[0].results[0].indicators[0].periods[0].actuals[0]
    assert (actual.text, actual.number) == (text, number)
    assert told(problems) == [
        (6, "/iati-activities/iati-activity[1]/result[1]/indicator[1]/period[1]/actual/@value", code) for code in codes
    ]


def test_a_qualitative_value_may_be_absent() -> None:
    activities, problems = read(HEAD + one(framework("<baseline/>", "5")) + TAIL)
    assert activities[0].results[0].indicators[0].baselines == (Measured(),)
    assert told(problems) == []


def test_baselines_repeat_with_dimensions_locations_and_years() -> None:
    inner = framework(
        '<baseline year="1900" value="1"/><baseline year="2020" iso-date="2020-05-01" value="2">'
        '<location ref="L1"/><dimension name="sex" value=" female "/><dimension name="age" value="adult"/>'
        '<comment><narrative xml:lang="fr">c</narrative></comment></baseline><baseline year="x" value="3"/>'
        '<baseline value="4"><dimension name="sex" value=""/></baseline>'
    )
    activities, problems = read(HEAD + one(inner) + TAIL)
    first, second, third, fourth = activities[0].results[0].indicators[0].baselines
    assert (first.year, third.year, fourth.dimensions) == (None, None, ())
    assert (second.year, str(second.day), second.locations) == (2020, "2020-05-01", ("L1",))
    assert second.dimensions == (("age", "adult"), ("sex", "female"))
    assert second.comments == (Narrative("fr", "c"),)
    assert [code for _line, _path, code in told(problems)] == ["unknown-year", "not-a-year", "empty-dimension"]


@pytest.mark.parametrize(
    "days, code",
    [
        ('<period-start iso-date="2024-01-01"/>', "period-without-days"),
        ('<period-start iso-date="2024-13-01"/><period-end iso-date="2024-12-31"/>', "period-without-days"),
        ('<period-start iso-date="2024-12-31"/><period-end iso-date="2024-01-01"/>', "period-reversed"),
    ],
)
def test_a_period_without_its_days_is_an_error_and_the_rest_is_kept(days: str, code: str) -> None:
    good = '<period><period-start iso-date="2024-01-01"/><period-end iso-date="2024-01-01"/></period>'
    activities, problems = read(HEAD + one(framework(f"<period>{days}</period>{good}")) + TAIL)
    assert len(activities[0].results[0].indicators[0].periods) == 1
    path = "/iati-activities/iati-activity[1]/result[1]/indicator[1]/period[1]"
    assert [(each.path, each.code) for each in problems.errors] == [(path, code)]


@pytest.mark.parametrize(
    "attributes, ascending, aggregation, codes",
    [
        ("", True, None, []),
        ('ascending="0" aggregation-status="1"', False, True, []),
        ('ascending="false" aggregation-status="true"', False, True, []),
        ('ascending="maybe"', True, None, ["not-boolean"]),
    ],
)
def test_booleans(attributes: str, ascending: bool, aggregation: bool | None, codes: list[str]) -> None:
    activities, problems = read(HEAD + one(framework("", attributes=attributes)) + TAIL)
    indicator = activities[0].results[0].indicators[0]
    assert (indicator.ascending, indicator.aggregation) == (ascending, aggregation)
    assert [code for _line, _path, code in told(problems)] == codes


def test_what_only_the_whole_shows() -> None:
    inner = (
        '<activity-date type="1" iso-date="2025-01-01"/><activity-date type="3" iso-date="2024-01-01"/>'
        '<sector code="11220" percentage="60"/><sector code="11230" percentage="39.99"/>'
        '<sector vocabulary="2" code="112" percentage="50"/>' + framework("", attributes='ascending="0"') * 2
    )
    path = "/iati-activities/iati-activity[1]"
    assert told(read(HEAD + one(inner) + TAIL)[1]) == [
        (3, path, "dates-reversed"),
        (3, path, "percentages"),
        (3, path, "all-descending"),
    ]


def test_places_and_shares() -> None:
    inner = (
        '<recipient-country code="gr" percentage="70"/><recipient-country code="ZZ" percentage="30"/>'
        '<recipient-country/><location ref="L"><name><narrative>Athens</narrative></name>'
        '<location-id vocabulary="A5" code="GR-I"/><point><pos>37.98 23.73</pos></point></location>'
        "<location><point><pos>200 300</pos></point></location>"
    )
    activities, problems = read(HEAD + one(inner) + TAIL)
    assert [(each.code, each.percentage) for each in activities[0].countries] == [("GR", 70), ("ZZ", 30)]
    athens = activities[0].locations[0]
    assert (athens.ref, athens.codes, athens.latitude) == ("L", (("A5", "GR-I"),), Decimal("37.98"))
    assert [code for _line, _path, code in told(problems)] == ["unknown-code", "no-code", "not-a-point"]


def test_problems_beyond_the_ceiling_are_counted() -> None:
    problems = Problems()
    for line in range(CEILING + 3):
        problems.add(Problem(line, "/", "x", "y", "warning"))
    assert (len(problems.warnings), problems.warnings[-1].detail) == (CEILING + 1, "3 more of these are not listed.")
    assert problems.errors == []
