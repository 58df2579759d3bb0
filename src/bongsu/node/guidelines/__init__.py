"""Guidelines at a running node: proposed, signed, in force."""
