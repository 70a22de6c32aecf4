"""Screens of the payments room."""
