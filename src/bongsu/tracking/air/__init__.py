"""Tracks in the air: falling like a stone or flying on lift, each believed as far as it fits."""
