"""Headings, groups and the sheet as Python."""
