"""Tracks of ours and of partners, side by side, and what they say together."""
