"""Acts of the audit trail: `record` and `record_many`; trying a parked job again stands in `jobs`."""

from kmop.audit.services.entries import canonical, record, record_many

__all__ = ["canonical", "record", "record_many"]
