"""Rights-holders: what they say, what they need, what was done about it. Knows projects and partners, no report."""
