"""Beliefs confronted with what researchers answered: surveys, links, likelihoods, and the joint model (PyMC)."""
