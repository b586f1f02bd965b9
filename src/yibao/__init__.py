"""医保问答: quoted, dated, offline answers from Chinese health-insurance articles."""

__version__ = "0.2.0"
