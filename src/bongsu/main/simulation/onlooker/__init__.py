"""Who watches a simulated federation: one file for each thing that must hold.

An onlooker decodes what it sees by itself, as plain lists, and asks no code of the node whether
that code did right.
"""
