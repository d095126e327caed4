"""An IATI activity with a little of everything, as text, and its import."""

import io
from typing import Any

from kmop.accounts.models import User
from projects.interop.iati.importing import Report, import_file

ACTUALS = (
    '<actual value="12"><comment><narrative>Twelve</narrative></comment></actual>'
    '<actual value="7"><dimension name="Sex" value="Female"/></actual>'
    '<actual value="5"><dimension name="Sex" value="Male"/></actual>'
    '<actual value="about 3"><location ref="ATH"/></actual>'
)
TRANSACTION = (
    '<transaction ref="T1"><transaction-type code="3"/><transaction-date iso-date="2024-03-01"/>'
    '<value currency="USD">10.50</value><receiver-org ref="GR-2"><narrative>Beta</narrative></receiver-org>'
    "</transaction>"
)
BUDGET = (
    '<budget type="1" status="2"><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>'
    '<value value-date="2024-01-01">1000</value></budget>'
)


def activity(
    identifier: str = "GR-1-P1", *, actuals: str = ACTUALS, money: str = BUDGET + TRANSACTION, title: str = "T"
) -> str:
    """An activity with one result, one indicator and one period."""
    return (
        f'<iati-activity default-currency="EUR" xml:lang="en"><iati-identifier>{identifier}</iati-identifier>'
        '<reporting-org ref="GR-1" type="22"><narrative>Alpha</narrative></reporting-org>'
        f'<title><narrative>{title}</narrative><narrative xml:lang="el">Τίτλος</narrative></title>'
        '<participating-org ref="GR-1" role="2" type="22"><narrative>Alpha</narrative></participating-org>'
        '<participating-org role="1" type="10"><narrative>Ministry</narrative></participating-org>'
        '<activity-status code="2"/><activity-date type="1" iso-date="2024-01-01"/>'
        '<activity-date type="3" iso-date="2025-12-31"/><recipient-country code="GR" percentage="100"/>'
        '<location ref="ATH"><name><narrative>Athens</narrative></name><location-id vocabulary="A5" code="GR-I"/>'
        "</location>"
        f'<sector code="11220" percentage="100"/>{money}'
        '<document-link url="https://example.org/a.pdf" format="application/pdf"><title>'
        "<narrative>A</narrative></title>"
        '<category code="A01"/></document-link>'
        '<result type="2"><title><narrative>R</narrative></title>'
        '<indicator measure="1" ascending="0"><title><narrative>I</narrative></title><baseline year="2023" value="1"/>'
        '<period><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/><target value="20"/>'
        f"{actuals}</period></indicator></result></iati-activity>"
    )


def take(by: User, *activities: str, **options: Any) -> Report:
    """Import a file of these activities."""
    text = f'<iati-activities version="2.03">{"".join(activities)}</iati-activities>'
    return import_file(io.BytesIO(text.encode()), by=by, **options)


def told(report: Report) -> list[str]:
    """Codes of errors, then of warnings."""
    return [each.code for each in [*report.problems.errors, *report.problems.warnings]]
