"""What was asked and answered, kept for the visitor who asked."""
