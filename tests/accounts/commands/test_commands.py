"""`invite`, `change_role` and `deactivate`: what they print, and their exit codes 0, 1 and 2."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from kmop.accounts import services
from kmop.accounts.choices import PortalRole
from kmop.accounts.models import Invitation, User
from partners.models import Membership
from projects.models import ProjectRole, Risk
from tests.factories import fresh, make_organisation, make_project
from tests.factories_basement import administrator, person

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
GOOD = "four slow ferries to Aktaia"


def run(*arguments: str) -> tuple[int, Any]:
    """The exit code, and what was printed: JSON read, else the text; the reason where it was refused."""
    out = StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=StringIO())
    except CommandError as error:
        return error.returncode, str(error)
    text = out.getvalue()
    return 0, json.loads(text) if "--json" in arguments else text.strip()


# ---------------------------------------------------------------- invite
def test_invite_gives_a_portal_role_and_prints_the_link() -> None:
    code, link = run("invite", "Eleni@kmop.example", "--role", "portfolio_manager", "--name", "Eleni")
    user = User.objects.get(email="eleni@kmop.example")
    assert (code, user.name, user.portal_roles) == (0, "Eleni", {"portfolio_manager"})
    found = services.find_invitation(link.rstrip("/").rsplit("/", 1)[1])
    assert found is not None
    assert found.user == user


def test_invite_gives_a_role_in_an_organisation() -> None:
    a = make_organisation("A")
    arguments = ("--role", "partner_contributor", "--organisation", "A", "--language", "el", "--json")
    code, told = run("invite", "bob@a.example", *arguments)
    assert (code, sorted(told)) == (0, ["link"])
    row = Membership.objects.get()
    assert (row.user.email, row.user.language, row.organisation, row.role) == (
        "bob@a.example",
        "el",
        a,
        "partner_contributor",
    )


@pytest.mark.parametrize("where", [("--project", "STR-25"), ("--country", "gr")])
def test_invite_gives_a_role_in_a_project_or_country(where: tuple[str, str]) -> None:
    project = make_project("STR-25")
    assert run("invite", "dora@kmop.example", "--role", "me_officer", *where)[0] == 0
    row = ProjectRole.objects.get()
    expected = (project, "") if where[0] == "--project" else (None, "GR")
    assert (row.user.email, row.role, (row.project, row.country)) == ("dora@kmop.example", "me_officer", expected)


@pytest.mark.parametrize(
    "arguments, reason",
    [
        (["nonsense", "--role", "portfolio_manager"], "Enter a valid email address."),
        (["taken@a.example", "--role", "portfolio_manager"], "This person has an account already."),
        (
            ["bob@a.example", "--role", "partner_viewer", "--organisation", "NONE"],
            "No organisation has the code 'NONE'.",
        ),
        (["bob@a.example", "--role", "partner_viewer"], "This role belongs to an organisation: name it."),
        (
            ["bob@a.example", "--role", "me_officer", "--project", "NONE"],
            "No project has the code 'NONE'.",
        ),
    ],
)
def test_invite_refuses_with_a_reason_and_keeps_nothing(arguments: list[str], reason: str) -> None:
    User.objects.create_user("taken@a.example", GOOD, name="Taken")
    assert run("invite", *arguments) == (1, reason)
    assert (User.objects.filter(email="bob@a.example").count(), Invitation.objects.count()) == (0, 0)


# ---------------------------------------------------------------- change_role
def test_change_role_gives_and_takes() -> None:
    bob = person("Bob")
    give = ("change_role", bob.email.upper(), "--role", "data_protection_officer")
    assert run(*give) == (0, "data_protection_officer")
    assert run(*give, "--json") == (0, {"email": bob.email, "roles": ["data_protection_officer"]})
    assert run(*give, "--withdraw", "--json") == (0, {"email": bob.email, "roles": []})
    assert fresh(bob).portal_roles == frozenset()


def test_change_role_gives_and_takes_roles_in_an_organisation_and_in_projects() -> None:
    bob, partner, project = person("Bob"), make_organisation("A"), make_project("P-1")
    member = ("change_role", bob.email, "--role", "partner_contributor", "--organisation", partner.code)
    officer = ("change_role", bob.email, "--role", "me_officer", "--project", project.code)
    in_country = ("change_role", bob.email, "--role", "me_officer", "--country", "gr")
    assert run(*member) == (0, "partner_contributor@A")
    assert run(*officer, "--json")[1]["roles"] == ["me_officer@P-1", "partner_contributor@A"]
    assert run(*in_country) == (0, "me_officer@GR, me_officer@P-1, partner_contributor@A")
    assert run(*member[:3], "partner_viewer", *member[4:]) == (0, "me_officer@GR, me_officer@P-1, partner_viewer@A")
    assert run(*member, "--withdraw") == (0, "me_officer@GR, me_officer@P-1, partner_viewer@A")
    assert run(*officer, "--withdraw") == (0, "me_officer@GR, partner_viewer@A")
    assert run(*in_country, "--withdraw") == (0, "partner_viewer@A")
    assert run(*member[:3], "partner_viewer", *member[4:], "--withdraw") == (0, "")
    assert (Membership.objects.count(), ProjectRole.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--role", "partner_viewer"], "This role belongs to an organisation: name it."),
        (["--role", "me_officer"], "This role belongs to a project or a country: name it."),
        (["--role", "me_officer", "--project", "NO-1"], "No project has the code 'NO-1'."),
        (["--role", "partner_viewer", "--organisation", "NO"], "No organisation has the code 'NO'."),
    ],
)
def test_change_role_says_what_a_role_needs(arguments: list[str], reason: str) -> None:
    assert run("change_role", person("Bob").email, *arguments) == (1, reason)


def test_change_role_refuses_with_a_reason() -> None:
    last = administrator()
    take = ("--role", "portal_administrator", "--withdraw")
    assert run("change_role", last.email, *take) == (1, "The last portal administrator can't be withdrawn.")
    assert run("change_role", "nobody@a.example", *take) == (1, "Nobody has the address nobody@a.example.")
    assert fresh(last).has_role(PortalRole.PORTAL_ADMINISTRATOR)


# ---------------------------------------------------------------- deactivate
def test_deactivate_hands_over() -> None:
    bob, carol = person("Bob"), person("Carol")
    left = Risk.objects.create(project=make_project(), title="Rain", likelihood=1, impact=1, owner=bob)
    assert run("deactivate", bob.email) == (1, "Name the person who takes over the open work.")
    assert run("deactivate", bob.email, "--to", "nobody@a.example") == (1, "Nobody has the address nobody@a.example.")
    assert fresh(bob).is_active
    told = {"deactivated": bob.email, "moved": 1}
    assert run("deactivate", bob.email.upper(), "--to", carol.email, "--json") == (0, told)
    left.refresh_from_db()
    assert (left.owner, fresh(bob).is_active) == (carol, False)
    assert run("deactivate", carol.email, "--to", person("Dan").email) == (0, "Ended; 1 open things handed over.")


# ---------------------------------------------------------------- refusals as JSON
@pytest.mark.parametrize(
    "arguments",
    [
        ["change_role", "nobody@a.example", "--role", "portfolio_manager"],
        ["deactivate", "nobody@a.example"],
    ],
)
def test_a_refusal_is_json_where_json_is_asked_for(arguments: list[str]) -> None:
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as end:
        call_command(*arguments, "--json", stdout=out, stderr=err)
    told = {"errors": ["Nobody has the address nobody@a.example."]}
    assert (end.value.code, json.loads(out.getvalue()), err.getvalue()) == (1, told, "")


def test_a_refused_invitation_is_json_where_json_is_asked_for() -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("invite", "bob@a.example", "--role", "partner_viewer", "--json", stdout=out)
    told = {"errors": ["This role belongs to an organisation: name it."]}
    assert (end.value.code, json.loads(out.getvalue())) == (1, told)
    assert User.objects.filter(email="bob@a.example").count() == 0


# ---------------------------------------------------------------- wrong use
@pytest.mark.parametrize(
    "arguments",
    [
        ["invite", "bob@a.example", "--role", "emperor"],
        ["change_role", "bob@a.example"],
        ["deactivate"],
    ],
)
def test_wrong_use_exits_with_2_and_says_how(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert f"usage: manage.py {arguments[0]}" in done.stderr
