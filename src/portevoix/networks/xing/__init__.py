"""XING, whose window takes a link and no words."""
