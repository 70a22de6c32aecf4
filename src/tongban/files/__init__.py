"""Files: material that people hand in, looked at before it is kept."""
