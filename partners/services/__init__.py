"""Acts on organisations, their people, API clients and offers."""
