"""Writing rubrics and what goes with them: drafts, reviews, publishing; examples, scenarios, wording rules."""
