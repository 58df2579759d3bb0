"""What leaves this node: statements made into records, linked, signed and stored."""
