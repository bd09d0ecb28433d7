"""Mäta: the engagement measurement of a stage, anonymous by construction (docs/product.md)."""
