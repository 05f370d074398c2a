"""Sentences whose letters are all Russian, and whether they are Russian."""
