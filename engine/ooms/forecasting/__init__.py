"""From a request to a forecast."""
