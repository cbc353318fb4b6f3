"""Grades and reports to people and to learning management systems.

grades: the points of a class, the late penalty taken off, and files of them.
overview: where the whole class stands.
tables: grades.csv and grades-exercises.csv.
canvas, moodle, gradescope: the same for these systems.
marks: what became of each exercise of each student; report and similar read it.
report: the page about a graded class.
similar: answers that are alike.
index: the page of the class, from which all others are reached.
pages: lays these pages out.
"""
