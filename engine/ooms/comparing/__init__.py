"""Several views together: compared, explained, read in several ways, and pooled."""
