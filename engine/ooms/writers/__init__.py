"""Reports: everything about a view, a calibration or a study as one document, in HTML, PDF and Markdown."""
