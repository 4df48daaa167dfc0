"""Bluesky, which counts what the eye sees and what the wire carries."""
