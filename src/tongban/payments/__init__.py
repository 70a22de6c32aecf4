"""Payments: bills for charged items, paid online or at the window, each once."""
