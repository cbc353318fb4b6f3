"""Visible checks, one module for each assignment; each check has the name of its exercise.

The sentences of a module stand beside it in a TOML file, those of all modules in shared.toml.

zero_insertion: assignment 01.
conv2dtranspose: assignment 02.
segmentation: assignment 03.
checkerboard: assignment 04.
super_resolution: assignment 05.
image_generation: assignment 06.
"""
