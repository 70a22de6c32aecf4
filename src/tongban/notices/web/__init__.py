"""Screens of the notices room."""
