"""Recalls at a node: stated, applied, answered and followed."""
