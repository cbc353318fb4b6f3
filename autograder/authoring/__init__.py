"""Sources to executed notebooks to student releases, and what keeps the three in step.

commands: the author's commands.
sources: reads a source as a notebook, each cell with its role.
rules: what must hold in a source before it is built.
points: the accepted points, and those that check modules declare.
hints: judges the tables that say which hint helps with which findings.
build: executes a source and makes its release.
release: makes a release with nbgrader's own steps.
drift: compares what is committed with what the sources give.
publish: names the public repository in badges, Colab cells and pyproject.toml.
summaries: what overviews show of an assignment.
package: packs what students need as a folder and a zip.
site: builds the course as a static website.
new: writes a new assignment that works, from template/.
"""
