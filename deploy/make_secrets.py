"""Make the secrets of a composed portal, once, as files: `make_secrets.py PORTAL_FOLDER SERVICES_FOLDER`.

The database and Redis see the second folder only. What is there is never changed.
"""

import secrets
import sys
from pathlib import Path


def keep(path: Path, value: str) -> str:
    """The value of the secret file, which is made from `value` where it isn't there."""
    try:
        with path.open("x") as file:
            file.write(value)
        path.chmod(0o444)  # a volume is mounted where it is needed only, each container with a user of its own
    except FileExistsError:
        pass
    return path.read_text()


def make(portal: Path, services: Path) -> None:
    """All secrets of docker-compose.yml."""
    for name in ("secret_key", "sensitive_key"):
        keep(portal / name, secrets.token_urlsafe(48))
    database = keep(services / "database_password", secrets.token_urlsafe(24))
    redis = keep(services / "redis_password", secrets.token_urlsafe(24))
    keep(portal / "database_url", f"postgres://portal:{database}@database:5432/portal")
    keep(portal / "redis_url", f"redis://:{redis}@redis:6379/0")


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))
