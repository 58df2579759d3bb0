"""Bytes, chains, signatures and releasability."""
