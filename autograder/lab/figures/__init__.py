"""The figures of the notebooks, a module for each, so that their cells stay one idea long."""
