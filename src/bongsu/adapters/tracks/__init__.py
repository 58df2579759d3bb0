"""Tracks and warning areas, written in the formats of others."""
