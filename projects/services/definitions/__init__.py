"""Acts on definitions: every change of what moves figures becomes a version (`changing`), which can be gone back to."""

from projects.services.definitions.changing import change_indicator, restore_version
from projects.services.definitions.versions import first_versions

__all__ = ["change_indicator", "first_versions", "restore_version"]
