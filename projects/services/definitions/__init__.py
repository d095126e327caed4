"""Acts on definitions: every change of what moves figures becomes a version (`changing`), which can be gone back to.

`preview` tells what a change would move before it is made.
"""

from projects.services.definitions.changing import change_indicator, restore_version
from projects.services.definitions.preview import MovedFigure, Preview, preview_change, preview_restore
from projects.services.definitions.versions import first_versions

__all__ = [
    "MovedFigure",
    "Preview",
    "change_indicator",
    "first_versions",
    "preview_change",
    "preview_restore",
    "restore_version",
]
