"""Checks of facts and names: declared, given, read, withheld, without a value."""
