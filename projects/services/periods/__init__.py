"""Acts on periods: making them (`making`), opening and locking (`opening`, `locks`), reminding (`reminders`)."""

from projects.services.periods.locks import except_from_lock, lock_periods, unlock_periods
from projects.services.periods.making import add_periods, generate_periods
from projects.services.periods.opening import Opened, open_periods, open_project_periods
from projects.services.periods.reminders import remind

__all__ = [
    "Opened",
    "add_periods",
    "except_from_lock",
    "generate_periods",
    "lock_periods",
    "open_periods",
    "open_project_periods",
    "remind",
    "unlock_periods",
]
