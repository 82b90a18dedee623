"""Fairness, surveys, feedback and reports for funders: of many, with small numbers held back."""
