"""The forms of a node's answers: what faces show, and what the HTTP interface documents."""
