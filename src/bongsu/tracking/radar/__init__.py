"""Radars: what they measure, and one scan of one radar."""
