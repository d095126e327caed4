"""What is told: report catalogue, renderers, runs, schedules, and the pages that show facts of several floors."""
