"""A made-up outside for a node: clock, loop, store, network, journal and keys, all by argument.

Tests and simulations of faults share it. Nothing here waits: time passes when somebody says so,
and the same seed gives the same world.
"""
