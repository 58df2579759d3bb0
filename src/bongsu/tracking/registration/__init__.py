"""Offsets of sensors, found where two and more of them see one object, and taken out."""
