"""What is still possible: the plan read over intervals. Standard library only."""
