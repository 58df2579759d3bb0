"""Tracks of several nations put side by side, and together, without counting anything twice."""
