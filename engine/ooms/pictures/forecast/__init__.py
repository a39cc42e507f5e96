"""Pictures of a forecast: one file a picture, each rows worked out from it and a chart drawn from rows alone."""
