"""The document model of reports, and what it is printed as."""
