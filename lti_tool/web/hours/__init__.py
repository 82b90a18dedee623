"""The ledger of hours and trainings: written, brought in, signed."""
