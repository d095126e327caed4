"""Reading users."""

from kmop.accounts.models import User


def find_user(email: str) -> User | None:
    """The user with this e-mail address in whatever case, or None."""
    return User.objects.filter(email__iexact=email.strip()).first()
