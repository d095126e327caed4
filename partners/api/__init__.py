"""The REST door of the partners' floor."""
