"""What a report says: from forecasts, comparisons, calibrations and studies to sections of plain data."""
