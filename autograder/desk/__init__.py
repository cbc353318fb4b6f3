"""The student's desk: `python -m autograder.desk` lays out my-work/ and opens it in JupyterLab.

`__main__` is the command, `work` brings each release to my-work/, `merge` puts a student's answers
into a new one, `progress` reads what saved notebooks say, and `home` writes the first page from it.
`settings/` is the configuration that the desk gives to the server and to JupyterLab.

Students have all of it, so it needs nothing but JupyterLab, and it loads no TensorFlow.
"""
