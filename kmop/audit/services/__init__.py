"""Acts of the audit trail: `record` and `record_many`; and trying a parked job again."""

from kmop.audit.services.entries import canonical, record, record_all, record_many
from kmop.audit.services.jobs import retry_job

__all__ = ["canonical", "record", "record_all", "record_many", "retry_job"]
