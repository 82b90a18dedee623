"""What to look at again in a program's rules, before anybody is measured by them; `grading.checking.check` begins."""
