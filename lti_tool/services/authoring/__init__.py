"""Rubrics and what goes with them: drafts, reviews, publishing, activities; examples, scenarios, wording rules."""
