"""Every text of the pages beside the chat: articles, retrieval, quality. The other texts stand in ``wording``."""

from __future__ import annotations

# The bar above all pages
NAV_CHAT = "提问"
NAV_CORPUS = "文章"
NAV_RETRIEVAL = "检索"
NAV_QUALITY = "质量"

# The page of articles
CORPUS_TITLE = "文章"
CORPUS_SUBTITLE = "答案只引用这里的文章。可以查看每篇怎么切分、关掉不合适的段落、上传自己的文章。"
CORPUS_COUNTS = "共 {articles} 篇文章，{passages} 段"
CORPUS_COUNTS_OFF = "，已关闭 {off} 段"
SEARCH_WORDS = "查找"
SEARCH_WORDS_HINT = "查找标题或正文里的字词，空格隔开"
FILTERS = "筛选"
FILTER_ALL = "全部"
FILTER_REGION = "地区"
FILTER_NATIONWIDE = "不限地区"
FILTER_INSURANCE = "险种"
FILTER_TOPIC = "主题"
FILTER_KIND = "种类"
FILTER_ORIGIN = "来历"
FILTER_SINCE = "发布日期，从"
FILTER_UNTIL = "到"
FILTER_RESET = "清除筛选"
DATE_WRONG = "日期「{value}」写法不对，应如 2025-04-19"
KIND_NAMES = {"article": "全文", "excerpt": "摘要"}
ORIGIN_UPLOADED = "网页上传"
TOPIC_COUNT = "{topic}（{count}）"
LIST_TOTAL = "{count} 篇"
LIST_SOME_TERMS = "没有哪一段同时含有「{terms}」，下面的只含其中一部分"
LIST_EMPTY = "没有符合条件的文章。换个词，或者清除筛选。"
LIST_MATCHES = "{count} 段含有所查的词"
LIST_PASSAGES = "{count} 段"
LIST_OFF = "关闭 {count} 段"
LIST_LABEL = "文章列表"
PAGE_PREVIOUS = "上一页"
PAGE_NEXT = "下一页"
PAGE_PLACE = "第 {page} / {pages} 页"
DETAIL_EMPTY = "点一篇文章，这里显示它怎么切成段落。"
DETAIL_GONE = "这篇文章已经不在索引里了。"
DETAIL_BACK = "← 返回列表"
DETAIL_SOURCE = "文件"
DETAIL_ID = "编号"
DETAIL_SUMMARY = "{characters} 字，切成 {passages} 段、{sentences} 句"
PASSAGE_NUMBER = "第 {number} 段"
PASSAGE_SIZE = "{sentences} 句 · {characters} 字"
PASSAGE_ON = "参与检索"
PASSAGE_OFF = "已关闭"
PASSAGE_SWITCH = "{passage}：参与检索"
ARTICLE_OFF = "整篇关闭"
ARTICLE_ON = "整篇打开"
ARTICLE_OFF_NOTE = "关闭的段落不参与检索和回答，重建索引后仍然关闭，随时可以再打开。"
ARTICLE_REMOVE = "删除这篇"
ARTICLE_REMOVE_SURE = "删除「{name}」？文件和其中的 {count} 篇文章都会删掉，不能恢复。"
REMOVE_YES = "删除"
REMOVE_NO = "不删了"
REMOVED = "已删除「{name}」，索引已更新（{seconds} 秒）"
REMOVE_NOT_UPLOADED = "只能删除网页上传的文章；其他文章请在它的文件夹里删掉，再运行 yibao index"
SENTENCES_NOTE = "底色深浅交替的每一块是一句，答案按句引用。"

# Adding articles
UPLOAD_TITLE = "上传文章"
UPLOAD_LABEL = "把文件拖到这里，或点击选择（可多选）"
UPLOAD_NOTE = "认得 {kinds}，每个不超过 {megabytes} MB，一次最多 {files} 个。先看怎么切分，确认后才加入索引；内容只存在这台机器上。"
UPLOAD_TOO_MANY = "一次最多上传 {limit} 个文件，请分几次"
UPLOAD_KIND = "认不得这种文件，可用的有 {kinds}"
UPLOAD_TWICE = "与这一批里的另一个文件重名或内容相同"
UPLOAD_ID_TAKEN = "与文章「{title}」的编号相同，请改个文件名再传"
UPLOAD_KNOWN = "与已有的文章「{title}」内容相同，不必再加"
UPLOAD_NOTHING = "没有可以加入的文件"
UPLOAD_GONE = "上传的文件已经不在了，请重新上传"
UPLOAD_UNNAMED = "未命名"
UPLOAD_READY = "可以加入"
UPLOAD_REPLACES = "已有同名文件「{name}」"
UPLOAD_REPLACE = "这些文件已有同名的，勾选的会替换原来的"
UPLOAD_CUT = "{articles} 篇，{passages} 段，{sentences} 句"
UPLOAD_PREVIEW = "预览切分"
UPLOAD_PREVIEW_CUT = "段落很多，这里只预览前 {passages} 段；加入时全部收入"
UPLOAD_ADD = "加入索引"
UPLOAD_DISCARD = "放弃"
UPLOAD_STAGED = "{files} 个文件，{addable} 个可以加入"
UPLOAD_WORKING = "正在更新索引"
UPLOAD_ADDED = "已加入 {files} 个文件，{articles} 篇文章；新计算 {embedded} 条向量，沿用 {reused} 条，用时 {seconds} 秒。现在就可以提问。"
UPLOAD_DISCARDED = "已放弃，什么也没有加入"

# The page of retrieval
RETRIEVAL_TITLE = "检索"
RETRIEVAL_SUBTITLE = "同一个问题，两种设置并排比较：找到哪些段落、为什么、名次差在哪里、时间花在哪里。"
RETRIEVAL_QUESTION = "问题"
RETRIEVAL_QUESTION_HINT = "例如：异地就医备案的有效期是多久？"
RETRIEVAL_RUN = "比较"
RETRIEVAL_EMPTY = "输入一个问题，两种设置找到的段落会并排显示在这里。"
SIDES = ("设置甲", "设置乙")
OPTION_LABELS = {
    "top_k": "显示几段",
    "leg": "检索方式",
    "lexical_weight": "字词的分量",
    "spelling": "改正错字和拼音",
    "synonyms": "同时找近义的说法",
    "facets": "看地区和险种",
    "rerank": "重排（设置了重排器时）",
    "reader": "逐句细读后再作答",
    "refuse_below": "低于多少不作答",
}
OPTION_HELP = {
    "lexical_weight": "1 是测定的分量；只在混合时起作用",
    "refuse_below": "置信度，0 到 1",
}
OPTION_VALUES = {"hybrid": "混合", "dense": "只看意思（向量）", "lexical": "只看字词（BM25）"}
SETTINGS_SAVE = "设为提问的默认"
SETTINGS_RESET = "恢复默认"
SETTINGS_SAVED = "已把{side}设为提问的默认，只对这个浏览器有效。"
SETTINGS_WAS_RESET = "已恢复默认设置。"
SETTINGS_STORED = "提问正在使用你存的设置：{changes}。"
SETTINGS_SHIPPED = "提问使用默认设置。"
SETTING_ON = "开"
SETTING_OFF = "关"
RUN_ANSWERED = "置信度 {confidence}，不低于 {threshold}：作答"
RUN_REFUSED = "置信度 {confidence}，低于 {threshold}：不作答"
RUN_EMERGENCY = "这个问题被判断为紧急情况：直接提示求助，不检索。"
RUN_UNDERSTOOD = "按「{question}」检索"
RUN_NOTHING = "没有找到段落。"
RUN_SHARED = "两边共有 {shared} 段，其中 {moved} 段名次不同；只在甲的 {first} 段，只在乙的 {second} 段。"
RUN_SAME = "两边找到的段落和名次完全一样。"
MOVED_UP = "比{side}靠前 {places} 名"
MOVED_DOWN = "比{side}靠后 {places} 名"
MOVED_NOT = "与{side}同名次"
MOVED_NEW = "{side}没有"
LEG_SHORT_NAMES = {"lexical": "字词", "dense": "向量"}
LEG_PLACE = "第 {rank} 名"
LEG_SCORE = "{score} 分"
TERMS_MATCHED = "命中"
TERMS_MISSED = "未命中"
TERMS_SYNONYMS = "近义命中"
RESULT_WHOLE = "全文"
RESULT_ARTICLE = "看这篇怎么切"
TIMINGS_LABEL = "用时"
TIMINGS_MS = "{milliseconds} 毫秒"
STEP_NAMES = {
    "triage": "急症判断",
    "understand": "理解问题",
    "embed": "算向量",
    "search": "检索",
    "answer": "挑句子",
    "total": "合计",
}

# The page of quality
QUALITY_TITLE = "质量"
QUALITY_SUBTITLE = "最近一次评测和大家的反馈：哪里答得好，哪里答错了。"
QUALITY_NONE = "这个索引还没有评测过。请在命令行运行 {command}，完成后刷新本页。"
QUALITY_COMMAND = "yibao eval --index {index}"
QUALITY_BROKEN = "评测结果 {path} 读不了：{reason}"
QUALITY_OF = "{path}，{half}共 {questions} 题，{created}"
QUALITY_HALVES = {"tune": "调试的一半，", "report": "报告的一半，"}
QUALITY_STALE = "索引在这次评测之后有变化，数字可能已经不同；重新运行 {command} 即可更新。"
QUALITY_FIGURES = {
    "recall@1": "依据排在第 1",
    "recall@5": "依据在前 5",
    "gold_in_card": "引用了该引的那句",
    "false_answers": "不该答却答了",
    "false_refusals": "该答却没答",
    "emergency": "急症识别出",
    "area_under_curve": "拒答的 AUC",
    "latency": "一问耗时，中位数",
}
QUALITY_INTERVAL = "95% 区间 {low} 到 {high}"
QUALITY_LESS_IS_BETTER = "越小越好"
QUALITY_BY_KIND = "各类问题"
QUALITY_KIND_COLUMNS = ("类别", "题数", "依据在前 5", "引用了该引的那句", "结果正确")
QUALITY_ALL_KINDS = "合计"
QUALITY_NOT_MEASURED = "不适用"
KIND_LABELS = {
    "direct": "直接问",
    "colloquial": "口语",
    "figure": "数字",
    "phone": "电话",
    "region": "地区",
    "insurance": "险种",
    "person": "人员",
    "negation": "否定与界限",
    "procedure": "流程",
    "comparison": "比较",
    "two-facts": "两件事",
    "conflict": "说法不一",
    "follow-up": "追问",
    "typo": "错字",
    "traditional": "繁体",
    "pinyin": "拼音",
    "near-miss": "差一点的",
    "off-topic": "无关的",
    "ask-back": "要反问的",
    "no-ask-back": "不必反问的",
    "emergency": "急症",
    "emergency-lookalike": "像急症的",
}
QUALITY_CALIBRATION = "置信度准不准"
QUALITY_CALIBRATION_NOTE = "横轴是置信度，纵轴是其中文章确实能答的比例；点越靠近虚线越准，圆越大题数越多。"
QUALITY_CALIBRATION_POINT = "置信度 {confidence}：{answerable} 能答，{count} 题"
QUALITY_CALIBRATION_X = "置信度"
QUALITY_CALIBRATION_Y = "文章能答的比例"
QUALITY_STATUS = "应有的结果和实际的结果"
QUALITY_STATUS_CORNER = "应为 \\ 实为"
STATUS_NAMES = {"answered": "作答", "no_answer": "不作答", "ask_back": "反问", "emergency": "急症提示"}
QUALITY_FAILURES = "答错的问题"
QUALITY_FAILURES_NOTE = "共 {count} 题，严重的在前；点问题可在「检索」页里看它找到了什么。"
QUALITY_NO_FAILURES = "没有答错的问题。"
QUALITY_MORE = "再看 {count} 题"
FAILURE_STATUS = "应{wanted}，实际{got}"
FAILURE_QUOTE = "没有引用该引的那句"
FAILURE_FACTS = "置信度 {confidence} · 依据排第 {rank}"
FAILURE_FACTS_NOT_FOUND = "置信度 {confidence} · 依据没有找到"
FAILURE_FACTS_NO_GOLD = "置信度 {confidence}"
FAILURE_EARLIER = "前面问过：{questions}"
FAILURE_DETAILS = "看应引用和实际显示"
FAILURE_EXPECTED = "应引用"
FAILURE_SHOWN = "实际显示"
FEEDBACK_SUMMARY_TITLE = "大家的反馈"
FEEDBACK_WORST = "评价最差的问题"
