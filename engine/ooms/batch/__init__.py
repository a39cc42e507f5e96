"""Batch forecasts: whole studies, resumable, on one machine or many."""
