"""What it adds up to: scores, and what has to be delivered. Pure values and rules."""
