"""Rules and answers as sentences: what is asked, what there is, what would change it, and what was left out.

Every sentence is a template with values, so that it can be said in another language; `said.told` puts it together.
"""
