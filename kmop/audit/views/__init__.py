"""Pages of the machine room: the audit trail (`trail`), jobs and timetable (`jobs`)."""
