"""The REST door of the reports' floor."""
