"""Reading: how much is unread (`notices`), and the folder of mails (`mails`)."""
