"""docker-compose.yml as far as it can be read without Docker: who sees which secret, who waits for whom."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def services() -> dict[str, Any]:
    """The services of docker-compose.yml."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return found


def module(name: str) -> ModuleType:
    """A script of deploy/ as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "deploy" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_the_parts(services: dict[str, Any]) -> None:
    assert set(services) == {"secrets", "database", "redis", "prepare", "web", "worker", "beat"}


def test_every_container_is_locked_down(services: dict[str, Any]) -> None:
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_every_part_that_stays_has_a_health_check(services: dict[str, Any]) -> None:
    stays = {name for name, service in services.items() if service["restart"] != "no"}
    assert stays == {"database", "redis", "web", "worker", "beat"}
    assert {name for name in stays if "test" in services[name].get("healthcheck", {})} == stays - {"web"}
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()  # the image's own is the web part's


def test_database_and_redis_see_their_passwords_only(services: dict[str, Any]) -> None:
    for name in ("database", "redis"):
        assert not any("portal-secrets" in volume for volume in services[name]["volumes"])
    for name in ("prepare", "web", "worker", "beat"):
        assert not any("portal-passwords" in volume for volume in services[name]["volumes"])


def test_the_portal_reads_every_secret_from_a_file(services: dict[str, Any], tmp_path: Path) -> None:
    portal, others = tmp_path / "portal", tmp_path / "others"
    portal.mkdir()
    others.mkdir()
    make = module("make_secrets").make
    make(portal, others)
    first = {path: path.read_text() for path in [*portal.iterdir(), *others.iterdir()]}
    make(portal, others)
    assert {path: path.read_text() for path in first} == first
    files = {key: value for key, value in services["web"]["environment"].items() if key.endswith("_FILE")}
    assert {Path(value).name for value in files.values()} == {path.name for path in portal.iterdir()}
    assert (others / "database_password").read_text() in (portal / "database_url").read_text()
    assert (others / "redis_password").read_text() in (portal / "redis_url").read_text()


def test_a_beat_that_fell_silent_is_ill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    healthy = module("healthy")
    assert healthy.beat() is False
    (tmp_path / "beat.db").touch()
    assert healthy.beat() is True
