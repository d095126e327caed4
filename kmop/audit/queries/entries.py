"""What stands in the trail, in words."""

import json
import sys
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model

from kmop.audit.models import Entry


def action_labels() -> dict[str, str]:
    """The words for each action that an app's `choices.Action` names, in the active language, sorted by them."""
    found: dict[str, str] = {}
    for config in apps.get_app_configs():
        actions = getattr(sys.modules.get(f"{config.name}.choices"), "Action", None)
        found |= {str(value): str(label) for value, label in actions.choices} if actions else {}
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def kind_label(kind: str) -> str:
    """The words for a kind of object ("projects.update"), or the kind itself when no app has it (any more)."""
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return kind


def actor_names(entries: Iterable[Entry]) -> dict[str, str]:
    """The names of those who acted, by id, in one statement."""
    ids = {int(entry.actor_id) for entry in entries if entry.actor_id.isdigit()}
    return {str(user.pk): str(user) for user in get_user_model().objects.filter(pk__in=ids)}


def facts_of(entry: Entry) -> dict[str, Any]:
    """The facts of an entry; none where its content was tampered with."""
    try:
        facts = json.loads(entry.content)["facts"]
    except (ValueError, KeyError, TypeError):
        return {}
    return facts if isinstance(facts, dict) else {}


def facts_in_words(entry: Entry) -> str:
    """The facts as `state: approved, count: 3`."""
    return ", ".join(f"{name}: {_short(value)}" for name, value in facts_of(entry).items())


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
