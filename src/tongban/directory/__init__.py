"""The room `directory`: divisions, organisations and places."""
