"""What a student's feedback page shows; `pages` has nbgrader write it.

contents: from a graded notebook to what the page says of each exercise.
standing: what the gradebook says of a submission.
findings: what a test found, as the page shows it.
page: makes the page, in its template page.html; bounds its size.
outputs: what a cell printed and displayed.
pictures: heat maps of arrays, lists of layers.
figures: the student's own figures, scaled and within a bound.
prose: Markdown, with its formulas, as markup.
formulas: formulas as MathML.
code: colored code.
markup: the tags that may stand in the page.
"""
