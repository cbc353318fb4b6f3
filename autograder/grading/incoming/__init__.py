"""Submissions from a learning management system into classroom/submitted/.

collect: finds out whose each notebook of a download is; `collect` is the entry point.
place: puts the notebooks into the class's folder, the newest one of each student.
beside_notebooks: lays beside these notebooks the files that came with them.
archives: walks through zip files and folders without trusting them.
entries: opens one file, archive or entry, without trusting what it says of itself.
whose: says for whom each file is to be placed.
schemes: reads out of its name who handed a file in.
origins: what is known of who handed it in, their student id, and what is remembered of it.
gradescope: reads whose each submission of a Gradescope export is.
roster: reads a class list, which gives people their student ids.
names: brings names into the gradebook.
worksheet: finds out what the columns of Moodle's grading worksheet are, in any language.
"""
