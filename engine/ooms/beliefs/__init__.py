"""From prior files to draws: distributions, views, their checks, the point set and the copula."""
