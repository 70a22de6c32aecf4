"""Screens of the identity room: log-in, my account, who saw my data."""
