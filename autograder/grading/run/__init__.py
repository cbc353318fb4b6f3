"""Grades one assignment of a class.

grade: the path of a class from submissions to feedback pages; `grade` is the entry point.
plan: who is graded, who is graded again, and why.
outcomes: what became of each submission, and what a regrade changed.
preflights: the reference and the blank release, examined as a class is.
feedback: writes feedback pages again.
workers: examines submissions in parallel, and writes pages beside.
"""
