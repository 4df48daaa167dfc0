"""Mastodon, one network made of many servers."""
