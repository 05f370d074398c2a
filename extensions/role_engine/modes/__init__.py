"""Thinking modes and handing over: a reply that takes more than one question to the engine.

mode, library   what a mode is, and the files that say so
markers, sieve  strings that mean something to a host or a model, kept out of what a reader sees
sieved_backend  an engine whose text goes through a sieve before the guard looks
asking          the one thing a procedure needs: «ask this of that role», and what came of it
block           the passes as one `<think>` block before the answer
procedure       the passes of a mode, then the answer
handover        the turn passes from role to role
reply           all of that as one stream with one report
reasoning       a reply's reasoning and its answer, told apart while it streams
"""
