"""Everything that changes shares, accounts and posts, by subject."""
