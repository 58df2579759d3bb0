"""Alarms of the watch: what stands at this node, who has seen it, what a shift hands over."""
