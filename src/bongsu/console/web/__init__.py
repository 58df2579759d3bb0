"""The HTTP interface: what a node answers and what happens at it, for programs and pages.

It holds no rules. It asks the node as every face does, and listens to its news.
"""
