"""The reader: question and passage in, a score for every sentence and for "nothing here answers" out."""
