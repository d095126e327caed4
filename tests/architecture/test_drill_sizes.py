"""The drill of the sizes: each rule of the house finds the one place that breaks it, and nothing in a clean folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import house

pytestmark = pytest.mark.drill


def body(lines: int) -> str:
    """So many lines of an indented body."""
    return "    x = 1\n" * lines


BREAKS = [
    (house.long_files, "partners/services/offers.py", "x = 1\n" * 401),
    (house.long_files, "tests/partners/test_offers.py", "x = 1\n" * 401),
    (house.long_files, "templates/partners/offers/list.html", "<p></p>\n" * 121),
    (house.long_functions, "partners/services/offers.py", f"def act():\n{body(50)}"),
    (house.long_classes, "partners/models.py", f"class Offer:\n{body(200)}"),
    (house.signal_receivers, "partners/views.py", "from django.dispatch import receiver\n"),
    (house.signal_receivers, "partners/apps.py", "from django.db.models import signals\n"),
    (house.signal_receivers, "partners/apps.py", "from allauth.account.signals import user_logged_in\n"),
    (house.save_overrides, "partners/models.py", "class Offer:\n    def save(self):\n        pass\n"),
    (house.hidden_imports, "partners/rules.py", "def may():\n    from projects import rules\n"),
    (house.hidden_imports, "partners/rules.py", "def may():\n    if True:\n        import kmop.shared.access\n"),
    (house.nameless_modules, "partners/utils.py", ""),
    (house.nameless_modules, "partners/helpers/dates.py", ""),
    (house.unnamed_migrations, "partners/migrations/0002_auto_20261124_1000.py", ""),
    (house.inline_code, "templates/base.html", '<p style="color: red"></p>\n'),
    (house.inline_code, "templates/base.html", "<script>run()</script>\n"),
    (house.inline_code, "templates/base.html", '<button onclick="run()"></button>\n'),
]
CLEAN = {
    "partners/services/offers.py": "x = 1\n" * 400,
    "partners/models.py": f"class Offer:\n{body(199)}",
    "partners/views.py": f"import json\n\n\ndef show():\n    import csv\n{body(48)}",
    "partners/migrations/0002_offer_places.py": "",
    "templates/base.html": '<script src="/static/portal.js"></script>\n',
}


def write(root: Path, path: str, text: str) -> None:
    """Write a file of the small house."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


@pytest.mark.parametrize(
    "rule,path,text", BREAKS, ids=[f"{rule.__name__}-{number}" for number, (rule, _, _) in enumerate(BREAKS)]
)
def test_a_rule_finds_the_place(tmp_path: Path, rule: Callable[[Path], list[str]], path: str, text: str) -> None:
    write(tmp_path, path, text)
    found = rule(tmp_path)
    assert [line.split(":")[0].split(" ")[0] for line in found] == [path]


@pytest.mark.parametrize("rule", house.ALL, ids=lambda rule: rule.__name__)
def test_a_rule_finds_nothing_in_a_clean_folder(tmp_path: Path, rule: Callable[[Path], list[str]]) -> None:
    for path, text in CLEAN.items():
        write(tmp_path, path, text)
    assert rule(tmp_path) == []


def test_every_rule_is_in_the_drill() -> None:
    assert {rule for rule, _, _ in BREAKS} == set(house.ALL)
