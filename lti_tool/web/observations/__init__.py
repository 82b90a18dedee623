"""One observation: rating, the trainee's words, meetings, printed forms, the record of all."""
