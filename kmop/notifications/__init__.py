"""Telling someone: notices in the portal and one digest mail a day. Knows the user, and no word of the field."""
