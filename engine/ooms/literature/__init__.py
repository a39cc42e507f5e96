"""The published literature: its numbers reproduced, and its works cited."""
