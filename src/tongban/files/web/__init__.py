"""Screens of the files room."""
