"""Threads, five hundred characters at a time."""
