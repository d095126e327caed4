"""The REST door of the projects' floor."""
