"""Logs on disk: SQLite, PostgreSQL, archives."""
