"""Keys of a running node: whose count now, and how they change."""
