"""Charts: geometry from figures, gaps for what was not reported, looks as classes or spelt out."""

import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.utils.safestring import SafeString

from kmop.shared import charts
from kmop.shared.charts import Line, Mark, Point


def shapes(drawing: str, tag: str) -> list[dict[str, str]]:
    """The attributes of all shapes of a kind, in order."""
    root = ET.fromstring(drawing)
    return [dict(node.attrib) for node in root.iter() if node.tag.rpartition("}")[2] == tag]


def test_bar_shows_share_and_plan() -> None:
    drawn = charts.bar(Decimal("0.62"), Decimal("0.57"))
    assert drawn == (
        '<svg class="bar" width="100%" height="16" aria-hidden="true">'
        '<rect class="f-track" x="0" y="3" width="100%" height="10" rx="3"/>'
        '<rect class="f1" x="0" y="3" width="62%" height="10" rx="3"/>'
        '<svg x="57%" overflow="visible"><rect class="f-tick" x="-1" y="0" width="3" height="16" rx="1"/></svg></svg>'
    )


def test_bar_is_never_longer_than_its_track() -> None:
    assert [each["width"] for each in shapes(charts.bar(3, size="s"), "rect")] == ["100%", "100%"]
    assert [each["width"] for each in shapes(charts.bar(-1, size="s"), "rect")] == ["100%", "0%"]


def test_bar_of_voices_has_a_paler_bar_behind() -> None:
    drawn = charts.bar(Decimal("0.39"), Decimal("0.5"), kind="voice", soft=Decimal("0.52"), size="l")
    assert [(each["class"], each["width"]) for each in shapes(drawn, "rect")] == [
        ("f-track", "100%"),
        ("f4-soft", "52%"),
        ("f4", "39%"),
        ("f-tick", "3"),
    ]


def test_not_reported_is_hatched_and_zero_is_not() -> None:
    assert 'class="bar bar-hatch"' in charts.bar(None)
    assert shapes(charts.bar(None), "rect") == []
    assert 'class="bar"' in charts.bar(0)


def test_an_image_has_a_name_and_decoration_has_none() -> None:
    named = charts.bar(1, title="62% of <target>")
    assert 'role="img"><title>62% of &lt;target&gt;</title>' in named
    assert "aria-hidden" not in named
    assert 'aria-hidden="true"' in charts.bar(1)


def test_segments_tell_complete_incomplete_and_empty() -> None:
    drawn = charts.segments(2, 1, 4)
    assert [(each["class"], each["x"]) for each in shapes(drawn, "rect")] == [
        ("f1", "0%"),
        ("f1", "25%"),
        ("f1-soft", "50%"),
        ("f-track", "75%"),
    ]
    assert shapes(charts.segments(0, 0, 0), "rect") == []


def test_stacked_parts_follow_each_other() -> None:
    drawn = charts.stacked([(51, "women"), (47, "men"), (2, "quiet")])
    assert [(each["class"], each["x"], each["width"]) for each in shapes(drawn, "rect")][1:] == [
        ("f1 f-edge", "0%", "51%"),
        ("f2 f-edge", "51%", "47%"),
        ("f5 f-edge", "98%", "2%"),
    ]
    assert [each["width"] for each in shapes(charts.stacked([(0, "women")]), "rect")] == ["100%", "0%"]


def test_sparkline_breaks_where_nothing_was_reported() -> None:
    drawn = charts.sparkline([0, 10, None, 5, 20])
    assert [each["points"] for each in shapes(drawn, "polyline")] == ["2,25 23,14", "65,19.5 86,3"]
    assert [(each["cx"], each["cy"]) for each in shapes(drawn, "circle")] == [("86", "3")]


def test_sparkline_of_nothing_is_empty_and_a_lone_figure_is_a_dot() -> None:
    assert shapes(charts.sparkline([None, None]), "polyline") == []
    assert [each["r"] for each in shapes(charts.sparkline([None, 3]), "circle")] == ["1.5", "2.8"]


def test_columns_leave_a_gap_and_colour_the_last() -> None:
    points = [Point("Q1", 0), Point("Q2", None), Point("Q3", 44, "44 people")]
    drawn = charts.columns(points, title="People")
    assert [(each["class"], each["height"]) for each in shapes(drawn, "rect")] == [("f5", "0"), ("f1", "88")]
    assert "44 people" in drawn


def test_columns_below_nought_hang_from_it() -> None:
    drawn = charts.columns([Point("a", 10), Point("b", -10)], title="Change")
    assert [(each["y"], each["height"]) for each in shapes(drawn, "rect")] == [("24", "44"), ("68", "44")]


@pytest.mark.parametrize(
    "high, expected",
    [
        (0, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (61, [0, 20, 40, 60, 80]),
        (2_400_000, [0, 1_000_000, 2_000_000, 3_000_000]),
        (0.9, [0, Decimal("0.25"), Decimal("0.5"), Decimal("0.75"), 1]),
    ],
)
def test_ticks_are_round_and_reach_the_top(high: float, expected: list[Decimal]) -> None:
    assert charts.ticks(high) == expected


def test_line_chart_draws_plan_actual_and_today() -> None:
    drawn = charts.line_chart(
        [Line([0, 2, 4], "planned", "l5"), Line([0, 1, None], "spent")],
        ["Feb 2025", "", "Feb 2027"],
        title="Spent",
        now=(1, "today"),
        usual=(1, 2),
    )
    assert [(each["class"], each["points"]) for each in shapes(drawn, "polyline")] == [
        ("l5", "48,178 268,100 488,22"),
        ("l1", "48,178 268,139"),
    ]
    assert re.findall(r">([^<]+)</text>", drawn) == [
        *("0", "1", "2", "3", "4"),
        *("Feb 2025", "Feb 2027", "today", "planned", "spent"),
    ]


def test_line_chart_of_nothing_still_has_its_axis() -> None:
    assert shapes(charts.line_chart([Line([None])], [""], title="Empty"), "polyline") == []
    assert [each["r"] for each in shapes(charts.line_chart([Line([3], look="l2")], [""], title="One"), "circle")] == [
        "4",
        "5",
    ]


def test_plane_marks_the_flagged() -> None:
    marks = [Mark("Steria", 1, Decimal("0.39"), flagged=True), Mark("Spiti", Decimal("0.2"), Decimal("0.58"))]
    drawn = charts.plane(marks, across="On plan", up="Needs met", corner="paced by targets", title="Two")
    assert [each["class"] for each in shapes(drawn, "rect")] == ["f-warn", "p2"]
    assert [each["class"] for each in shapes(drawn, "circle")] == ["p1"]


def every_chart(standalone: bool) -> list[SafeString]:
    return [
        charts.bar(0.5, 0.6, title="b", standalone=standalone),
        charts.bar(None, standalone=standalone),
        charts.segments(1, 1, 3, standalone=standalone),
        charts.stacked([(1, "women"), (2, "men")], standalone=standalone),
        charts.sparkline([1, None, 2, 3], [1, 2, 2, 2], standalone=standalone),
        charts.columns([Point("a", 1), Point("b", 2)], title="c", standalone=standalone),
        charts.line_chart(
            [Line([1, 2], "actual"), Line([1, 3], "plan", "l5")], ["a", "b"], title="l", standalone=standalone
        ),
        charts.plane([Mark("m", 1, 0, True)], across="a", up="u", corner="c", title="p", standalone=standalone),
    ]


def test_on_a_page_looks_are_classes_that_the_style_sheet_knows() -> None:
    css = (Path(settings.BASE_DIR) / "static/css/charts.css").read_text()
    for drawn in every_chart(standalone=False):
        assert "style=" not in drawn
        assert "#" not in drawn
        for names in re.findall(r'class="([^"]*)"', drawn):
            assert [name for name in names.split() if f".{name}" not in css] == []


def test_on_paper_nothing_is_left_to_a_style_sheet() -> None:
    for drawn in every_chart(standalone=True):
        assert "class=" not in drawn
        assert "style=" not in drawn
        assert "--" not in drawn
        root = ET.fromstring(drawn)
        assert root.attrib["font-family"] == "Noto Sans"
        assert root.attrib["viewBox"] == f"0 0 {root.attrib['width']} {root.attrib['height']}"


def test_colours_on_paper_are_the_tokens() -> None:
    light = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text().partition("@media screen")[0]
    assert {name: re.search(rf"{name}: (#\w+)", light)[1] for name in charts.TOKENS} == charts.TOKENS  # type: ignore[index]
