"""The version of this package, for everything in it that is marked with it."""

__version__ = "0.1.0"
