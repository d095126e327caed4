"""How passwords and PINs are hashed: Argon2id with the cost that OWASP recommends (46 MiB, one pass, one lane).

Django's default (100 MiB, eight lanes) takes six times the processor; thirty people who read their answers at once from
one place would hold up everybody.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2(Argon2PasswordHasher):
    """Argon2id; hashes of another cost are made anew at the next sign-in, as Django does."""

    time_cost = 1
    memory_cost = 47_104
    parallelism = 1
