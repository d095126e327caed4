"""What people write about organisations, their people, API clients and offers."""
