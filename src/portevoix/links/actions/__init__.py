"""Everything that changes tracked links, what is told of their clicks, and the secrets of visitors, by subject."""
