"""Taking in what other systems say of projects: whole activities, and frameworks; each activity in one transaction."""
