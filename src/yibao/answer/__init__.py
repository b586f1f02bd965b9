"""Emergency triage, confidence, quoting and the final record."""
