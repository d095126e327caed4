"""Real files of many publishers, counted by an independent script: what it counts is what is read."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from projects.interop.iati.problems import FileRefused, Problems
from projects.interop.iati.stream import inspect, read_activities
from projects.services.imports.outcome import held_of

DATA = Path(__file__).parents[4] / "shared" / "data"
COUNTS = DATA / "iati_counts.json"
if not COUNTS.is_file():
    pytest.skip("the folder of real files is not beside this project", allow_module_level=True)

FACTS: dict[str, dict[str, Any]] = json.loads(COUNTS.read_text())
KINDS = ("result", "indicator", "period", "target", "actual", "transaction", "budget")
READABLE = ("2.01", "2.02", "2.03")


def readable(facts: dict[str, Any]) -> bool:
    """Whether a file is an activity file of a known version, with activities in it."""
    is_ours = facts["well_formed"] and facts["root"] == "iati-activities" and facts["version"] in READABLE
    return bool(is_ours and facts["counts"].get("iati-activity"))


@pytest.mark.parametrize("name", sorted(name for name, facts in FACTS.items() if not readable(facts)))
def test_a_file_of_another_kind_is_refused(name: str) -> None:
    with (DATA / "iati" / name).open("rb") as file, pytest.raises(FileRefused) as seen:
        inspect(file)
    assert seen.value.problem.detail


@pytest.mark.parametrize("name", sorted(name for name, facts in FACTS.items() if readable(facts)))
def test_what_is_counted_is_read(name: str) -> None:
    facts, problems = FACTS[name], Problems()
    with (DATA / "iati" / name).open("rb") as file:
        assert inspect(file).activities == facts["counts"]["iati-activity"]
        activities = list(read_activities(file, problems))
    repeated = sum(number - 1 for number in facts.get("identifiers_duplicated_sample", {}).values())
    assert len(activities) == facts["identifiers_distinct"]
    told = Counter(each.code for each in problems.errors)
    assert told["no-identifier"] + told["duplicate-identifier"] == facts["counts"]["iati-activity"] - len(activities)
    if repeated or facts.get("identifiers_blank"):
        return
    held = sum((held_of(activity) for activity in activities), Counter())
    planned = facts["counts"].get("planned-disbursement", 0)
    expected = {f"{kind}s": facts["counts"].get(kind, 0) for kind in KINDS}
    assert {**held} == {kind: number for kind, number in expected.items() if kind != "budgets" and number} | (
        {"budgets": expected["budgets"] + planned} if expected["budgets"] + planned else {}
    )
    texts = sum(number for kind, number in facts.get("results", {}).get("values", {}).items() if ":text" in kind)
    assert problems.codes["not-a-number"] + problems.codes["loose-number"] == texts
