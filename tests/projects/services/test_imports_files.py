"""Real files taken in twice: the first time everything, the second time nothing, and the totals are right."""

from pathlib import Path

import pytest

from kmop.accounts.services.users import command_line
from projects.interop.iati.importing import import_file
from projects.models import ImportedActivity, Project, Update
from projects.services.recomputation import compare

PUBLISHERS = Path(__file__).parents[4] / "shared" / "data" / "iati" / "publishers"
EXAMPLES = PUBLISHERS.parent / "examples"
if not PUBLISHERS.is_dir():
    pytest.skip("the folder of real files is not beside this project", allow_module_level=True)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path, organisations, actuals",
    [
        (PUBLISHERS / "mixed-foodsecurity-2.03.xml", 21, 9),
        (PUBLISHERS / "worldbank-region679-2.03.xml", 26, 75),
        (PUBLISHERS / "acf-spain-ph-2.02.xml", 5, 0),
        (PUBLISHERS / "hxlproxy-dataset-2.01.xml", 40, 0),
        (EXAMPLES / "activity-standard-example-annotated.xml", 3, 1),
        (EXAMPLES / "iatipublisher-complete-2.03.xml", 6, 2),
    ],
    ids=lambda value: value.stem if isinstance(value, Path) else str(value),
)
def test_first_everything_then_nothing(path: Path, organisations: int, actuals: int) -> None:
    by = command_line()
    with path.open("rb") as file:
        would = import_file(file, by=by, dry_run=True)
        first = import_file(file, by=by)
        again = import_file(file, by=by, with_changes=True)
    assert first.counts() == would.counts()
    assert (first.counts()["organisations"], first.counts()["actuals"]) == (organisations, actuals)
    assert first.became == {"created": first.became.total()}
    assert again.counts() == {**first.counts(), "created": 0, "unchanged": first.counts()["activities"]}
    assert Project.objects.count() == ImportedActivity.objects.count() == first.became.total()
    assert Update.objects.filter(revision__gt=1).count() == 0
    assert list(compare().differences) == []
