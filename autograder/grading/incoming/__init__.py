"""Submissions from a learning management system into classroom/submitted/.

collect: finds out whose each notebook of a download is; `collect` is the entry point.
place: puts the notebooks into the class's folder, the newest one of each student.
archives: reads zip files and folders without trusting them.
origins: says by its name who handed a file in.
roster: reads a class list, which gives people their student ids.
"""
