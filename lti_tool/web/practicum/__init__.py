"""Sites and placements, and what is different for somebody so that they can take part."""
