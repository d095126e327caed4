"""Pages: one's notices (`notices`), the folder of mails (`mails`)."""
