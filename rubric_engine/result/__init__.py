"""Outcomes, states and reasons of every heading, and their JSON. Standard library only."""
