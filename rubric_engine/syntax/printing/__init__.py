"""Syntax nodes to canonical text."""
