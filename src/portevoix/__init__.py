"""Portevoix: the open-source platform for employee advocacy."""
