"""Immutable words that everybody uses: units, plots, tracks, warnings, errors."""
