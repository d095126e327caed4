"""What people type: the public's forms, which work without session and script, and those of staff."""
