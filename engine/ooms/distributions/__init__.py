"""Distributions and point sets: what draws are made from."""
