"""How people come in: by a launch or a link, their sessions, and one human being with two ways in."""
