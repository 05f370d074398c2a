"""The model in the tab: what it is, what keeps foreign letters out of it, and a copy with more tokens."""
