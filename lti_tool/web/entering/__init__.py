"""Coming in: launches, links and codes, first steps, where one is signed in, two ways in made one."""
