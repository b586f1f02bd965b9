"""Does a quote say what a sentence claims? Strict: what is not plainly there is not supported.

No model judges here; what is compared can be read. A quote is cut into clauses, and a sentence is supported by a run
of neighbouring clauses that has

* the same critical marks in the same order: figures with their units, negations, limits (at least, at most, before,
  after), and who, where, which insurance and which kind of care it holds for. That the order counts keeps 退休报 70% from being read
  out of 在职报 70%，退休报 80%;
* every verb of entitlement that the sentence uses (报销, 缴费 ...), every duty and permission, every 全部 and 都;
* most of the sentence's content words; title and heading of the article may lend some.

Who or where may also be said before the run, in the heading, the title or the facets of the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from yibao.answer.figures import figures
from yibao.language.facets import place_names, read_regions
from yibao.language.normalise import fold
from yibao.language.segmenter import default_segmenter
from yibao.language.terms import shown_terms
from yibao.records import Citation

MIN_COVERED = 0.8  # share of a sentence's content words that quote, title or heading must hold
MIN_QUOTED = 0.3  # and the quoted clauses alone
_LONGEST_RUN = 10  # clauses

# On folded text. The order matters: 不超过 is a limit before it is a negation.
_MARKS: tuple[tuple[str, str, str], ...] = (
    ("limit", "at most", "不超过|不高于|不多于|以内|最高|最多|至多|封顶|上限"),
    ("limit", "at least", "不少于|不低于|至少|最低|最少|以上|起付"),
    ("limit", "below", "以下|不满|不足|未满|低于|少于|小于"),
    ("limit", "above", "超过|超出|高于|大于|多于|已满|年满"),
    ("negation", "not", "除外|除(?=[^,。;]{1,16}外)|(?<!差)不(?!仅|但|论|管|同|断|久|过)|没有?|无(?!锡|论|为|棣|障碍)|未(?!来|央)"
     "|非(?!常|洲)|勿|禁|拒|(?<![是能可])否|免(?!疫)|停止|停保|暂停|中断|取消|失效|作废|终止"),
    ("only", "only", "只(?!要)|仅|才能?|方可|限于"),
    ("trend", "up", "提高|增加|上调|上浮|延长"),
    ("trend", "down", "降低|减少|下调|下降|缩短"),
    ("order", "before", "之前|以前|前(?!往|台|提|款|述|者|期|来|列)"),
    ("order", "after", "之后|以后|后(?!续|台|者|果|期)"),
    ("insurance", "", "职工|居民|农合|农村合作|灵活就业|大病保险|大病医保|商业保险|医疗救助|长期护理|生育保险|工伤|失业|养老保险|新农合"),
    ("person", "", "在职|退休|新生儿|儿童|少儿|学生|老年|老人|孕妇|产妇|女职工|男职工|配偶|父母|子女|家属|家人|家庭成员|本人|低保|特困|贫困|未就业"),
    ("level", "", "[一二三]级|社区|乡镇|基层|三甲|县级|市级|省级|村卫生室|卫生院"),
    ("care", "", "门诊|住院|急诊|药店|购药|慢性?病|特病|慢特病|大病|结核|转诊|手术|顺产|剖[宫腹]产|产检|产前检查|流产|线上|互联网|线下|窗口"),
    ("place", "", "省内|省外|跨省|市内|跨市|异地|本地|境外|国外|统筹区|参保地|就医地|定点"),
    ("turn", "", "首次|再次|第[一二三四五六七八九十\\d]+[次步]|长期|临时"),
)  # fmt: skip
_INHERITED = {"insurance", "person", "level", "care", "place", "turn"}
_MARK = re.compile("|".join(f"(?P<m{number}>{pattern})" for number, (_, _, pattern) in enumerate(_MARKS)))
# What a sentence may say only where the quoted clauses say it too; the words of a group are one.
_ONLY_IF_QUOTED = [
    re.compile(pattern)
    for pattern in (
        "报销|支付|报付", "享受|待遇", "缴|交费", "补缴|补交", "退", "结算", "绑定", "免费", "自费|自付", "补偿|补助|津贴", "赔",
        "必须|应当|应该|须|需(?!求)|务必", "可以?|能", "全部|所有|任何|一律|全额|都|均|完全", "自动", "任意|随时", "保证|一定|肯定",
    )
]  # fmt: skip
_BORDER = re.compile(r"[,:](?!\d)|[;。!?\n、()]|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_LIST_MARK = re.compile(r"(?m)^[ \t]*(?:[-*+]|#+|\d{1,2}[.、])[ \t]*")
_DENIAL = re.compile("(?:不|无|未|没有?|免)(?:需要?|用|能|可以?|得|须|予|会|必)?|需要|可以|能够?")
_LATIN = re.compile(r"[a-z][a-z0-9._/-]+")
_NAMED = re.compile("[「《“\"]([^」》”\"]+)[」》”\"]")
_INSURANCE = {"employee": "职工", "resident": "居民"}
# Whoever writes so speaks to a model, not to a reader: nothing such a text says is evidence.
_TO_A_MODEL = re.compile(
    "(?:忽略|无视|忘记|不要理会)[^。]{0,12}(?:指令|要求|规则|提示|以上|上述|之前)|系统提示|提示词|(?:你是|作为)[^。]{0,6}(?:助手|模型|ai)"
    "|(?:请|必须|务必)[^。]{0,8}(?:回答|输出|回复|写道)|ignore[^.]{0,30}(?:instruction|previous|above)|system prompt|assistant:"
)


@dataclass(frozen=True)
class _Mark:
    kind: str
    value: str


def supports(citation: Citation, sentence: str) -> bool:
    """Tell whether the quote of ``citation`` says what ``sentence``, without its marks ``[n]``, claims."""
    claim, quote = _Claim(fold(sentence).strip()), fold(citation.quote)
    if not claim.words or speaks_to_a_model(quote) or claim.text.endswith("?"):
        return False
    around = f"{fold(citation.heading)}\n{fold(citation.title)}"
    if not all(name in f"{quote}\n{around}" for name in claim.names):
        return False
    if any(mark.kind == "negation" for mark in _marks(fold(citation.heading))) and not claim.negated:
        return False
    clauses = _clauses(quote)
    return any(
        _run_supports(claim, clauses, start, end, citation)
        for start in range(len(clauses))
        for end in range(start + 1, min(len(clauses), start + _LONGEST_RUN) + 1)
    )


def speaks_to_a_model(text: str) -> bool:
    """Tell whether a text gives orders to whatever reads it, as planted in articles."""
    return bool(_TO_A_MODEL.search(fold(text)))


class _Claim:
    """A sentence, folded, and what must be found in a quote."""

    def __init__(self, folded: str) -> None:
        self.text = folded
        self.marks = _marks(folded)
        self.names = [*_LATIN.findall(folded), *_NAMED.findall(folded)]
        self.needed = [pattern for pattern in _ONLY_IF_QUOTED if pattern.search(folded)]
        self.negated = any(mark.kind == "negation" for mark in self.marks)

    @cached_property
    def words(self) -> list[str]:
        """Its content words, but for those that are compared as marks or as regions."""
        words = shown_terms(self.text, default_segmenter())
        places = place_names()
        return [word for word in words if not (word[0].isdigit() or word in places or _DENIAL.fullmatch(word))]

    @cached_property
    def regions(self) -> set[str]:
        return set(read_regions(self.text))


def _clauses(folded: str) -> list[str]:
    return [part for part in _BORDER.split(_LIST_MARK.sub("", folded)) if part.strip()]


def _marks(folded: str) -> list[_Mark]:
    """Return the critical marks in their order; a word that is said twice counts once, figures each time."""
    found = [(figure.start, _Mark("figure", figure.value)) for figure in figures(folded)]
    for match in _MARK.finditer(folded):
        kind, value, _ = _MARKS[int((match.lastgroup or "m0")[1:])]
        found.append((match.start(), _Mark(kind, value or match.group())))
    in_order = [mark for _, mark in sorted(found, key=lambda pair: pair[0])]
    return list(_each_once(in_order))


def _each_once(marks: Sequence[_Mark]) -> Iterator[_Mark]:
    seen: set[_Mark] = set()
    for mark in marks:
        if mark.kind not in _INHERITED or mark not in seen:
            yield mark
        seen.add(mark)


def _run_supports(claim: _Claim, clauses: Sequence[str], start: int, end: int, citation: Citation) -> bool:
    run = ",".join(clauses[start:end])
    quoted = sum(word in run for word in claim.words)
    if quoted < MIN_QUOTED * len(claim.words) or not all(pattern.search(run) for pattern in claim.needed):
        return False
    marks = _marks(run)
    if not _same(claim.marks, marks, _said_before(clauses[:start], marks, citation), single=end - start == 1):
        return False
    around = f"{fold(citation.heading)}\n{fold(citation.title)}"
    elsewhere = "".join([*clauses[:start], "\n", *clauses[end:]])
    lent = [mark.value for mark in claim.marks if mark.kind in _INHERITED]
    covered = 0
    for word in claim.words:
        if word in run or any(value in word for value in lent) or (word in around and word not in elsewhere):
            covered += 1
        elif word in elsewhere:  # said of something else
            return False
    return covered >= MIN_COVERED * len(claim.words) and _regions_agree(claim, run, clauses[:start], citation)


def _said_before(before: Sequence[str], marks: Sequence[_Mark], citation: Citation) -> set[_Mark]:
    """Return the marks that hold for a run though it does not say them: of each kind those of the nearest place."""
    insurance = "".join(_INSURANCE[name] for name in citation.insurance)
    places = [*reversed(before), fold(citation.heading), fold(citation.title), insurance]
    settled = {mark.kind for mark in marks}
    said: set[_Mark] = set()
    for place in places:
        found = {mark for mark in _marks(place) if mark.kind in _INHERITED and mark.kind not in settled}
        said |= found
        settled |= {mark.kind for mark in found}
    return said


def _same(claimed: Sequence[_Mark], quoted: Sequence[_Mark], before: set[_Mark], *, single: bool) -> bool:
    """Tell whether the marks are the same; inside one clause with at most one figure the order does not matter."""
    own = [mark for mark in claimed if mark in quoted or mark not in before]
    if own == list(quoted):
        return True
    one_figure = sum(mark.kind == "figure" for mark in quoted) <= 1
    return single and one_figure and sorted(map(repr, own)) == sorted(map(repr, quoted))


def _regions_agree(claim: _Claim, run: str, before: Sequence[str], citation: Citation) -> bool:
    in_run = set(read_regions(run))
    if in_run or not claim.regions:
        return claim.regions == in_run
    for place in (*reversed(before), citation.heading, citation.title, citation.region or ""):
        named = set(read_regions(place.replace("/", "")))
        if named:
            return claim.regions <= named
    return False
