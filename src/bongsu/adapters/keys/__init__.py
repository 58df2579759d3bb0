"""Keys, certificates and trust on disk."""
