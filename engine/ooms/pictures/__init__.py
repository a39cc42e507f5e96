"""Pictures of forecasts, as Altair charts, and as files."""
