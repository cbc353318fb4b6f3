"""Grades a class: submissions in; gradebook, feedback and tables out.

classroom: where a course and a class lie.
console: the instructor's commands; display prints what they show.
terminal: what surrounds each command: plain errors, Ctrl-C.
demo: a class of invented students.
doctor: what this machine can and cannot do.
submission: from a submitted file to verdicts.
gradebook: everything that touches nbgrader.
run: one assignment of a class, graded in parallel.
incoming: submissions from a learning management system.
outgoing: grades and reports to people and to such systems.
"""

import sys

# jsonschema would work 0.8 s on a grammar of internationalized addresses; no notebook has any.
sys.modules.setdefault("rfc3987_syntax", None)  # pyright: ignore - None says: not installed
