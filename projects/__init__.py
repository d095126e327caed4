"""Projects, frameworks, indicators, updates, workplan, money, legacy. Knows partners; never who the people served are."""
