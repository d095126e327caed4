"""People's voices and needs."""

from beneficiaries.models.feedback import Feedback, Message, Receipt, SensitiveOpening, SensitiveReport
from beneficiaries.models.needs import Decision, Need, NeedConfirmation, NeedRank, NeedsRound, RightsHolderGroup

__all__ = [
    "Decision",
    "Feedback",
    "Message",
    "Need",
    "NeedConfirmation",
    "NeedRank",
    "NeedsRound",
    "Receipt",
    "RightsHolderGroup",
    "SensitiveOpening",
    "SensitiveReport",
]
