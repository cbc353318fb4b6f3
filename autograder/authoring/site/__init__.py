"""The course as a static website: pages of the released notebooks, made with Sphinx.

build: makes the site in a scratch folder and puts it in place if nothing is wrong with it.
pages: what Sphinx is given: a home page, and each notebook with the outputs of its demonstrations.
formulas: turns formulas into MathML while the site is built.
findings: what is wrong with a built site: broken links, other hosts, anything of an answer.
"""
