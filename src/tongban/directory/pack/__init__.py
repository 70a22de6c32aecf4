"""The directory's part of a city pack: read and check files, expand tables, bring the tables of the room up to date."""
