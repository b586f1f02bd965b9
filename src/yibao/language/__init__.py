"""Chinese text: normal form, sentences, segmentation, index terms, facets."""
