"""Training the reader: ``python -m yibao.reader.training``."""
