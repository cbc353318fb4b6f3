"""Sources to executed notebooks to student releases, and what keeps the three in step."""
