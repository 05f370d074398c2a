"""Latin text in Russian: which words, names and shapes an editor lets stand, and what is Russian in Latin letters."""
