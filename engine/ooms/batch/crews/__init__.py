"""Who does the work of a batch: threads, processes, or a Dask cluster; the results are the same."""
