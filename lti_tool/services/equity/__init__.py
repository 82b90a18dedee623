"""What people say of themselves, of their path and of those who accompany it: read only counted, many together.

No other service may import these tables, and only the pages that are made for them import these services.
"""
