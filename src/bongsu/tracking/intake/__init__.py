"""The door of the tracker: what is believed of what sensors send, and what is kept of it."""
