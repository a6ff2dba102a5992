"""A result in words: headings, reasons, phrases in both languages. Standard library only."""
