"""Whether a short question names a subject of its own, or leaves it to the question before.

No subject is listed: what is left of a question when everything is taken off that any question may hold is its subject.
The tables are of the language, not of a corpus: who, when and where, words that ask and words that do, and nouns that
always belong to something else (the material of what, the telephone of whom).
"""

from __future__ import annotations

import re

from yibao.language.places import blank_places
from yibao.language.segmenter import Segmenter

# What points back: 也一样, 还要交不, 那几个月, 参保的行吗 (a 的 with nothing behind it).
_POINTS_BACK = re.compile(
    "也|还|这|那[几些种样次]|它|其[余他中]|别的|一样|同样|剩|反过来|换[个成]|超过|的(?=行|可以|能|要|怎|多少|会|算)"
)
_ASKS = re.compile("[吗嘛不没谁哪几啥咋]|什么|怎|如何|多|能|可以|要|是否|有|行|得|会|算|该")
_TAKEN_OFF = frozenset(
    """什么 什么样 什么时候 哪 哪里 哪儿 哪些 哪个 哪家 哪天 谁 怎么 怎么样 怎么办 怎样 如何 咋 啥 几 几个 几次 几天
    几种 几年 多少 多久 多长 多长时间 多大 多少钱 为什么 为啥 是否 是不是 能不能 可不可以 要不要 用不用 有没有
    行不行 会不会 吗 嘛 呢 吧 啊 不 没 没有 了 的 地 得 着 过 和 跟 与 或 或者 把 被 给 让 在 从 到 对 向 往 为 以
    之 内 里 上 下 中 前 后 以前 以后 以内 之内 才 就 都 只 再 又 很 太 更 最 先 能 能够 可以 可 要 需要 需 必须
    得要 应该 该 会 行 想 有 是 算 我 你 他 她 咱 我们 你们 他们 自己 本人 个人 大家 人 别人 现在 目前 今年 明年
    去年 每年 一年 每月 一个 一次 每次 每天 一天 时候 时间 期间 当天 年 月 日 天 次 个 种 些 点 元 块 钱 开 交 缴
    带 填 打 领 查 办 买 去 来 看 用 付 出 报 补 做 找 写 拿 收 退 等 问 走 进 进去 出来 补上 开通 送 刷 存 取 转
    换 停 签 办理 办好 申请 提交 提供 准备 咨询 查询 使用 支付 通知 选择 收到 联系 下载 登录 绑定 填写 弄 弄好 搞
    本地 当地 外地 城市 地方 部分 材料 资料 证明 诊断证明 证件 单子 票据 发票 手续 流程 步骤 条件 标准 比例 额度
    限额 上限 电话 号码 热线 地址 网站 官网 网址 平台 公众 公众号 号 小程序 app 窗口 网上 线上 线下 手机 东西 时限
    期限 有效期 原件 复印件 表格 户口本 户口簿 身份证 费用 价格 进度 结果 密码""".split()
)
_PERSONS = frozenset("爸 爸爸 妈 妈妈 孩子 小孩 儿子 女儿 家人 家里人 家属 老人 大人 朋友 老公 老婆 配偶".split())
_KIN = frozenset("亲爸妈爹娘爷奶哥弟姐妹兄嫂叔伯姑姨舅岳父母公婆儿女子孙夫妻属")
_COUNTS = frozenset("一二三四五六七八九十两几半每百0123456789")
_LEAST = 3  # characters of a subject: 护工费谁出
_LEAST_PLACED = 2  # where a place is named too: 抚顺有没有中医院


def names_subject(folded: str, short: bool, segmenter: Segmenter) -> bool:
    """Tell whether a folded question names what it is about.

    Args:
        folded: the question.
        short: whether it is short enough to be a mere answer, a name without anything asked of it.
        segmenter: cuts it into words.
    """
    if _POINTS_BACK.search(folded) or (short and not _ASKS.search(folded)):
        return False
    placed = blank_places(folded)
    longest = max(map(len, _subjects(segmenter.words(placed))))
    return longest >= (_LEAST if placed == folded else _LEAST_PLACED)


def _subjects(words: list[str]) -> list[str]:
    """Return what stands between the words that are taken off."""
    runs = [""]
    for word in words:
        person = word in _PERSONS or _KIN.issuperset(word)
        if word in _TAKEN_OFF or word[0] in _COUNTS or not word[0].isalnum() or (person and not runs[-1]):
            runs.append("")
        else:  # 孩子 alone is whoever is asked for, 生孩子 is a subject
            runs[-1] += word
    return runs
