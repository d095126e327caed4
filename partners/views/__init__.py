"""Pages of organisations, their people, API clients and offers."""
