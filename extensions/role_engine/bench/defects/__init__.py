"""Defects put into clean Russian, one at a time: what a check is to find, with the place where it stands."""

from role_engine.bench.defects.classes import CLASSES, Defect, DefectClass, put_in

__all__ = ["CLASSES", "Defect", "DefectClass", "put_in"]
