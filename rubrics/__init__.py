"""What was seen: rubrics, observations, consent, assessments and sign-off. Pure values and rules."""
