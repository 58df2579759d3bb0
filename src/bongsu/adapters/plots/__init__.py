"""Recorded plots, tables and flights, read with suspicion."""
