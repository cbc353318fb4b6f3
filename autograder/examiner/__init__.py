"""Runs one submission: the student's code and the tests in two processes of one sandbox.

`engine.Engine` is what grading calls. It knows nothing of classes, gradebooks or notebook files.
"""
