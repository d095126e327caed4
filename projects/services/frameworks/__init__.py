"""Acts on whole frameworks: copied to another project, kept as a template, made from one."""

from projects.services.frameworks.copying import Copied, copy_framework, make_framework, preview_framework
from projects.services.frameworks.shapes import shape_of
from projects.services.frameworks.templates import save_template

__all__ = ["Copied", "copy_framework", "make_framework", "preview_framework", "save_template", "shape_of"]
