"""What was done, by whom, when: append-only, hash-chained. Knows no person, partner or project: plain ids only."""
