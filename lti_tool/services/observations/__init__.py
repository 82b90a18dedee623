"""One observation while it goes on and after: what was seen, the trainee's voice, meetings, what waits."""
