"""What may be stated of a track: class, launch, fall, and how sure."""
