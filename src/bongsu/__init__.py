"""Bongsu: launch warnings, shared between sovereign nodes."""

__version__ = "0.1.0"
