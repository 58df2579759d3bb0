"""Who gets what of a record, and when: at once, after a delay, passed on, corrected."""
