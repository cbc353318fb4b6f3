"""Grades a class: submissions in; gradebook, feedback and tables out."""
