"""Visible checks, one module for each assignment; each check has the name of its exercise.

Each check calls a public `expect_...` function with small examples. The hidden tests call the same
functions with other sizes, so that a student whose answer fails there is told why in the same
words. A module's sentences stand beside it in a TOML file, those of all modules in shared.toml.

zero_insertion: assignment 01.
conv2dtranspose: assignment 02.
segmentation: assignment 03.
checkerboard: assignment 04.
super_resolution: assignment 05.
image_generation: assignment 06.
first_edition: exercises that only kept releases of the first edition have.
"""
