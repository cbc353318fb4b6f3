"""The figures of the notebooks, a module for each, so that their cells stay one idea long.

shared: figures that several notebooks draw.
zero_insertion, conv2dtranspose, segmentation, checkerboard, super_resolution, image_generation:
those of one notebook.
"""
