"""The running server: every door and the page in one application."""
