"""From plots to tracks, and from tracks to launch and impact."""
