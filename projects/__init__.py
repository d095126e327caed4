"""Projects, frameworks, indicators, updates, workplan, money, legacy. Never knows who the people served are."""
