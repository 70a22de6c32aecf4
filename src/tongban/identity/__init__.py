"""Identity: natural persons, companies, accounts, posts, real-name levels and who may act where."""
