"""What is wrong with a line that cannot be read, and how it was meant."""
