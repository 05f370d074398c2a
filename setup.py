"""Which packages are shipped; all else stands in pyproject.toml, which knows no «all that are found, and two»."""

from setuptools import find_packages, setup

setup(packages=[*find_packages("extensions"), "role_engine.builtin_roles", "role_engine.builtin_templates"])
