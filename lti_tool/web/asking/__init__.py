"""Before an observation: asking for one, its time, a second observer, its scenario, a conflict."""
