"""Checks of grade tables: rows nobody reaches, totals without a grade."""
