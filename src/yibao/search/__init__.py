"""Question understanding, retrievers and fusion."""
