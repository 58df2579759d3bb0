"""Sans-IO machines: events in, effects out."""
