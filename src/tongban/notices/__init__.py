"""Notices: messages to people, in their account and by text message or e-mail."""
