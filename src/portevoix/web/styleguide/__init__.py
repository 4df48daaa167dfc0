"""The living style guide: every component in the three languages, light and dark. For demo and development only."""
