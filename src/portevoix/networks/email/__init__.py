"""E-mail, from the person's own mail program."""
