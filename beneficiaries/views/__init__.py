"""Pages of voices: the public's, without session or script, and those of staff."""
