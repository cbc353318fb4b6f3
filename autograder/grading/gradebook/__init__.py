"""Everything that touches nbgrader.

configuration: reads nbgrader_config.py and derives each submission's configuration.
connection: opens the gradebook, and has nbgrader open it likewise.
current: says whether notebooks/ holds what the sources give.
editions: the release of an assignment that a class has.
steps: nbgrader's pipelines, with the course's own preprocessors in them.
harmless: says what of a student's text may stand in a page.
pipeline: runs these steps in `autograder grade`, and nbgrader's converters.
store: reads and writes the gradebook.
people: names of the students, and who is on the roster.
feedback: what a feedback page shows.
pages: the exporter of feedback pages; warm_pages prepares the processes that write them.
"""
