"""Embedding, dense and lexical index, and their layout on disk."""
