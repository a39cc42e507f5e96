"""Pictures of a comparison of views."""
