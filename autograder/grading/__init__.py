"""Grades a class: submissions in; gradebook, feedback and tables out."""

import sys

# jsonschema would work 0.8 s on a grammar of internationalized addresses; no notebook has any.
sys.modules.setdefault("rfc3987_syntax", None)  # pyright: ignore - None says: not installed
