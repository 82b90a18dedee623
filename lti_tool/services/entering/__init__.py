"""How people come in: by a launch or a link, sessions and devices, first steps, two ways in made one."""
