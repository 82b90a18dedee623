"""Before an observation: asking for one, who has part in it, when it takes place, with which scenario."""
