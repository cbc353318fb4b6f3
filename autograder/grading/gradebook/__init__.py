"""Everything that touches nbgrader.

connection: opens the gradebook.
editions: the release of an assignment that a class has.
store: reads and writes the gradebook.
steps: the course's preprocessors inside nbgrader's pipelines.
pages: the exporter of feedback pages; warm_pages prepares the processes that write them.
"""
