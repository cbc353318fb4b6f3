"""Everything that touches nbgrader.

store: reads and writes the gradebook.
steps: the course's preprocessors inside nbgrader's pipelines.
pages: the exporter of feedback pages; warm_pages prepares the processes that write them.
"""
