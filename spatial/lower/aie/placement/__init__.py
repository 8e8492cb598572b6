"""Where everything of a mapped program stands: a placement that CP-SAT proves to be best, or says why there is none."""
