"""Tracks without thrust: one table, moved and corrected as arrays."""
