"""Overhead infrared sensors: what they measure, what they see, and the objects they begin."""
