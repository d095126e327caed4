"""The name under which a person gets a file."""

from kmop.shared.files import file_name
from reports.catalogue.blocks import Document


def human_name(document: Document, report: str, extension: str) -> str:
    """Project code, report, day of the figures and language: "STR-25 Progress report 2026-10-31 en.pdf"."""
    meta = document.meta
    words = (meta.subject, report, meta.as_of.isoformat(), document.language)
    plain = " ".join(" ".join(words).replace("/", "-").replace(":", "").split())
    return file_name(f"{plain}.{extension}")
