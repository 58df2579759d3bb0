"""Objects that burn: a bank of weighted hypotheses over thrust, stages and incidence."""
