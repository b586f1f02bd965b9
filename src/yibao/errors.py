"""Every error a user can cause, in one tree.

YibaoError
├── ConfigError            a setting that cannot be used
├── InputError             a question file, query file or folder that cannot be read
├── MissingExtraError      an optional package is not installed
├── HistoryError           the file of conversations cannot be used
├── StorageError           the disk is full, read-only or broken, or permission is missing
├── ModelError             the embedding model cannot be loaded
└── IndexStateError        the index on disk cannot be used
    ├── IndexMissingError  no index where one is expected
    ├── IndexLockedError   another process is writing
    ├── IndexMismatchError built with another model, segmenter or format
    └── IndexCorruptError  a file of the build is damaged or gone

The command line prints ``str(error)`` on one line and exits with 1; nothing else reaches the user.
"""

from __future__ import annotations


class YibaoError(Exception):
    """Base of all errors whose message is meant for the user: one line, and what to do next."""


class ConfigError(YibaoError):
    """A configuration value is unknown or out of range."""


class InputError(YibaoError):
    """A file or folder named by the user cannot be used."""


class MissingExtraError(YibaoError):
    """An optional dependency is missing; the message names the exact ``pip install``."""


class HistoryError(YibaoError):
    """The file that keeps the conversations cannot be read or written."""


class StorageError(YibaoError):
    """A file cannot be written or read; what was there before stays as it was."""


class ModelError(YibaoError):
    """The embedding model cannot be found, fetched or loaded."""


class IndexStateError(YibaoError):
    """Something is wrong with the index on disk."""


class IndexMissingError(IndexStateError):
    """There is no index yet."""


class IndexLockedError(IndexStateError):
    """Another process is writing this index."""


class IndexMismatchError(IndexStateError):
    """The index was built with another model, segmenter or format than the one asked for."""


class IndexCorruptError(IndexStateError):
    """A file of the index is missing or does not match its checksum."""
