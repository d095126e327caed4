"""A chain of boxes: who stands in which row, what is joined, how a mark is told without colour."""

from xml.etree import ElementTree as ET

from kmop.shared.charts.chain import GAP, HIGH, WIDE, Box, Joint, chain, rows_of

OUTCOME, FIRST, SECOND, ALONE = 1, 2, 3, 4
BOXES = [
    Box(OUTCOME, 1, None, "Outcome 1", "People find work"),
    Box(FIRST, 0, OUTCOME, "Output 1.1", "Trained " * 30),
    Box(SECOND, 0, OUTCOME, "Output 1.2", "Hired <b>"),
    Box(ALONE, 0, 99, "Output 2", "Alone"),
]


def test_a_box_stands_amid_what_belongs_to_it() -> None:
    assert rows_of(BOXES) == {FIRST: 0, SECOND: 1, OUTCOME: 0.5, ALONE: 2}
    assert rows_of([]) == {}


def test_boxes_of_one_column_never_cover_each_other() -> None:
    many = [Box(1, 2, None, "", "")]
    for outcome in range(10, 14):
        many.append(Box(outcome, 1, 1, "", ""))
        many += [Box(outcome * 10 + each, 0, outcome, "", "") for each in range(outcome - 10)]
    rows = rows_of(many)
    for column in range(3):
        places = sorted(rows[one.key] for one in many if one.column == column)
        assert all(later - earlier >= 1 for earlier, later in zip(places, places[1:], strict=False))


def test_the_drawing_tells_boxes_ways_and_marks() -> None:
    joints = [
        Joint(FIRST, OUTCOME, "1 Holds", "c-holds"),
        Joint(FIRST, OUTCOME, "2 Broken", "c-broken"),
        Joint(FIRST, SECOND, "3 Not tested", "c-untested"),
        Joint(OUTCOME, FIRST, "4 Doubtful", "c-doubtful"),
    ]
    root = ET.fromstring(chain(["Outputs", "Outcomes"], BOXES, joints, title="From outputs to outcomes"))
    assert root.attrib["viewBox"].split()[2:] == [str(2 * WIDE + GAP + 2), "297"]
    assert (root.attrib["role"], root[0].text) == ("img", "From outputs to outcomes")
    shapes = [node.attrib["class"] for node in root if node.tag in ("rect", "path")]
    assert sorted(shapes) == [
        *["c-box"] * 4, "c-mark c-broken", "c-mark c-doubtful", "c-mark c-holds", "c-mark c-untested",
        "c-tie", "c-tie", "c-way", "c-way", "c-way",
    ]  # fmt: skip
    texts = [node.text for node in root if node.tag == "text"]
    assert {"1 Holds", "2 Broken", "Outcome 1", "Hired <b>"} <= set(texts)
    assert [text for text in texts if text and text.endswith("…")] == ["Trained Trained Trained Trained…"]
    assert HIGH > 35 + 2 * 15
    assert "style" not in ET.tostring(root, encoding="unicode")
