"""Frames, gravity, atmosphere, boost and free flight: arrays in, arrays out."""
