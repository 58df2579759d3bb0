"""Two objects that part: told apart as late as it takes, and never by a guess."""
