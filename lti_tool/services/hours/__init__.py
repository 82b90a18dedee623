"""The ledger of hours and trainings: written, counted, signed."""
