"""Files: written whole or not at all; users' files, read safely."""
