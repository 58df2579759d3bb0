"""The fault simulator: a whole federation in one process, on virtual time, from one seed."""
