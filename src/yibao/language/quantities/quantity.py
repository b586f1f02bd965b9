"""One quantity of a text: where it stands, how large it is, in what unit, and how it is bounded."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

QuantityKind = Literal[
    "share", "amount", "duration", "age", "date", "time", "ordinal", "count", "number", "phone", "document", "link",
    "code",
]  # fmt: skip
Bound = Literal["exact", "at_least", "at_most", "about"]

FOREVER = 1e6  # days
_TOLERANCE = 0.02  # share of a value: 365 days are a year too
# 12 months are 360 days.
DAYS = {
    "个月": Decimal(30),
    "天": Decimal(1),
    "工作日": Decimal("1.4"),
    "分钟": Decimal(1) / 1440,
}
_NAMED = frozenset(["phone", "document", "link", "code"])
_MEASURED = frozenset(["share", "amount", "duration", "age", "count", "number"])


@dataclass(frozen=True)
class Quantity:
    """A quantity at ``text[start:end]``, from ``low`` to ``high`` (the same for a single value).

    ``unit`` is the base unit in which both are told: % or 百分点; 元 or 元/年; 个月, 天, 工作日 or 分钟; 岁; 条 of
    第三十条; the measure word of a count (名 also for 位 and 人, 家 also for 所). A date is told as year, month and day
    in one number (20240501, 20240500, 501), its ``unit`` is how exact it is (年, 月, 日; 月底 of 5月底, 月/年 of
    每年9月); a time of day in minutes. What has no size (a number to call, a document, a link, a code) has its one form
    as ``unit``, and 0 to 0.
    """

    kind: QuantityKind
    start: int
    end: int
    low: float
    high: float
    unit: str
    bound: Bound = "exact"

    @property
    def dimension(self) -> str:
        """What another quantity of the kind must share to be compared: all durations can be, 元/年 and 元 not."""
        if self.kind == "date":
            return self.unit.partition("/")[0]
        return "天" if self.kind == "duration" else self.unit

    @property
    def sizes(self) -> tuple[float, float]:
        """``low`` and ``high``, of durations in days."""
        factor = float(DAYS[self.unit]) if self.kind == "duration" else 1.0
        return self.low * factor, self.high * factor

    @property
    def forms(self) -> tuple[str, ...]:
        """The one writing of each end: 50000元 and 80000元 of 5-8万元, 18个月 of 一年半, 2024年5月1日, 12393."""
        if self.kind in _NAMED:
            return (self.unit,)
        return tuple(dict.fromkeys(self._form(value) for value in (self.low, self.high)))

    def _form(self, value: float) -> str:
        if self.kind == "date":
            if not value:
                return self.unit
            exact, _, yearly = self.unit.partition("/")
            return ("每年" if yearly else "") + date_form(value) + exact[1:]
        if self.kind == "time":
            return f"{int(value) // 60}:{int(value) % 60:02d}"
        written = f"{value:.4f}".rstrip("0").rstrip(".")
        return f"{'第' if self.kind == 'ordinal' else ''}{written}{self.unit}"

    def same_as(self, other: Quantity) -> bool:
        """Tell whether both are the same value, however written; of what is measured 2% are no difference."""
        if (self.kind, self.dimension) != (other.kind, other.dimension):
            return False
        if self.kind not in _MEASURED:
            return (self.low, self.high) == (other.low, other.high)
        return all(abs(a - b) <= _TOLERANCE * max(abs(a), abs(b)) for a, b in zip(self.sizes, other.sizes, strict=True))

    def contains(self, other: Quantity) -> bool:
        """Tell whether the other value lies within this one: 6至12个月 holds 6个月."""
        if (self.kind, self.dimension) != (other.kind, other.dimension):
            return False
        (low, high), (other_low, other_high) = self.sizes, other.sizes
        return low <= other_low * (1 + _TOLERANCE) and other_high <= high * (1 + _TOLERANCE)


def date_form(value: float) -> str:
    """Return a date as people write it, as far as it is said: 2024年5月1日, 2024年5月, 5月1日; "" for 0."""
    year, month, day = date_parts(value)
    return (f"{year}年" if year else "") + (f"{month}月" if month else "") + (f"{day}日" if day else "")


def date_parts(value: float) -> tuple[int, int, int]:
    """Return year, month and day of a date told in one number; 0 is what is not said."""
    return int(value) // 10_000, int(value) // 100 % 100, int(value) % 100
