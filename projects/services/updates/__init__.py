"""Acts on updates: entering (`entry`), submitting (`submission`), deciding (`decisions`), quality flags (`quality`),
what a partner's system puts under a name of its own (`external`)."""

from projects.services.inputs import NewUpdate, UpdateInput, ValueInput, content_of
from projects.services.updates.answers import answer_flag
from projects.services.updates.decisions import (
    approve_update,
    approve_updates,
    return_update,
    return_updates,
    undo_approval,
)
from projects.services.updates.entry import (
    create_update,
    create_updates,
    delete_draft,
    replace_update,
    revise_update,
)
from projects.services.updates.external import put_update, refuse_other_figure
from projects.services.updates.quality import check_update
from projects.services.updates.submission import submit_update, submit_updates

__all__ = [
    "NewUpdate",
    "UpdateInput",
    "ValueInput",
    "answer_flag",
    "approve_update",
    "approve_updates",
    "check_update",
    "content_of",
    "create_update",
    "create_updates",
    "delete_draft",
    "put_update",
    "refuse_other_figure",
    "replace_update",
    "return_update",
    "return_updates",
    "revise_update",
    "submit_update",
    "submit_updates",
    "undo_approval",
]
