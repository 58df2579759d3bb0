"""What this node knew at a moment that is over, made anew from its log alone."""
