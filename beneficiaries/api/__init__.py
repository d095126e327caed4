"""REST of voices: a channel leaves messages, staff read them, a person comes back with her receipt."""
