"""Long work: `long_work` does it, `work_looks` says what is seen of it, `work_bar` shows that on a page."""
