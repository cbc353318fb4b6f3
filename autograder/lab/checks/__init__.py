"""Visible checks, one module for each assignment; each check has the name of its exercise."""
