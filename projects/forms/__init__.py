"""What people fill in: figures of a period, notes of a review, reasons of a correction."""
