"""X, where two hundred and eighty characters are weighed one by one."""
