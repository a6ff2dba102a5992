"""The commands: what each takes and does."""
