"""Submissions from a learning management system into classroom/submitted/.

collect: places every notebook of a download; `collect` is the entry point.
archives: reads zip files and folders without trusting them.
origins: says by its name who handed a file in.
roster: reads a class list, which gives people their student ids.
"""
