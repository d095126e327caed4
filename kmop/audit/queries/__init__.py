"""Reading the audit trail: whether the chain holds (`chain`), and what stands in it (`entries`)."""
