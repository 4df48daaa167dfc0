"""LinkedIn, where working life is spoken about."""
