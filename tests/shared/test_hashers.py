"""Passwords and PINs are Argon2id at the cost that the portal says."""

from django.contrib.auth.hashers import check_password, identify_hasher, make_password


def test_a_password_is_argon2id_at_the_recommended_cost() -> None:
    kept = make_password("a sentence is easy to remember")
    assert kept.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    assert check_password("a sentence is easy to remember", kept)
    assert not check_password("another sentence", kept)
    assert not identify_hasher(kept).must_update(kept)


def test_a_hash_of_another_cost_is_made_anew_at_the_next_sign_in() -> None:
    kept = make_password("a sentence is easy to remember").replace("m=47104", "m=19456")
    assert identify_hasher(kept).must_update(kept)
