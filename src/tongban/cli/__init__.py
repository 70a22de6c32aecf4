"""The `tongban` command: sets the installation up, runs its processes and answers questions about it."""
