"""Feeds carried as files, when every wire is cut."""
