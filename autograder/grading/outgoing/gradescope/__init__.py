"""Gradescope: results in its format, and an autograder that grades there.

export: writes both; `autograder export --to gradescope` calls it.
container: grades one submission inside Gradescope's container.
"""
