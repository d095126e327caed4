"""Who someone is: user, portal-wide roles, sign-in, invitation. Knows no organisation and no project."""
