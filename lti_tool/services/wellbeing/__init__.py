"""What is one's own, and where to turn: journal, self-care, check-ins; guidance and safeguarding."""
