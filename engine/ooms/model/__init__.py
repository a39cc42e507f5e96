"""The science: arrays in, arrays out; no files, no labels, no randomness. Imports NumPy only."""
