"""The made-up world: flights, truth, sensors and scenarios."""
