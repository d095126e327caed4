"""An import contract of our own: an app's doors are opened by that app and by the roof, by nobody else."""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

Break = tuple[str, str]


class DoorsContract(Contract):
    """No app imports another's doors (views, api, forms ...); rooms that don't exist yet are no error.

    `apps` are the apps, `doors` the names of their rooms that are doors, `roof` the modules that may open all of them.
    """

    type_name = "doors"
    apps: Any = fields.ListField(subfield=fields.StringField())
    doors: Any = fields.ListField(subfield=fields.StringField())
    roof: Any = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at every importer of every door."""
        breaks = [
            (importer, module)
            for app in self.apps
            for door in self.doors
            for module in sorted(name for name in graph.modules if _inside(name, f"{app}.{door}"))
            for importer in sorted(graph.find_modules_that_directly_import(module))
            if not _inside(importer, app) and not any(_inside(importer, part) for part in self.roof)
        ]
        return ContractCheck(kept=not breaks, metadata={"breaks": breaks})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line for each import of a foreign door."""
        breaks: list[Break] = check.metadata["breaks"]
        for importer, module in breaks:
            output.print_error(f"{importer} opens a door that isn't its own: {module}")


def _inside(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
