"""Pages about users, and how the sign-in library behaves here."""
