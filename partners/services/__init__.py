"""Acts on organisations, memberships, API clients and offers."""
