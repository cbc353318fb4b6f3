"""Grades one assignment of a class.

grade: the path of a class from submissions to feedback pages; `grade` is the entry point.
plan: the hash that decides who is graded again.
workers: runs submissions in parallel.
"""
