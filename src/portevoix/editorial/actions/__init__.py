"""Everything that changes the editorial line, by subject: pillars, disclosure lines, forbidden phrases."""
