"""What people write when they mean something else, and what they mean: a table of known slips.

Each entry is a pattern met outside quotes and comments, and the text that was meant. ``{MEANING}`` in it is spelled in
the language of the file. An entry is only ever an offer: it is made when the line parses once it is applied.
"""

import re
from collections.abc import Iterator
from functools import cache

from rubric_engine.plan.record import record
from rubric_engine.syntax.keywords import spell

_MEANING = re.compile(r"\{([A-Z_0-9]+)\}")
# Blanks and gaps are bounded: a hostile line must not make the search slow.
_NUM = r"-?[0-9]+(?:[.,][0-9]+)?(?:\s?%)?"


@record
class Slip:
    """A pattern and its mend, a template for :meth:`re.Match.expand`.

    ``needs`` is a word without which the pattern is not tried: patterns with gaps are slow to fail.
    """

    pattern: re.Pattern[str]
    mend: str
    needs: str = ""


# Signs from other notations and from word processors; the same in every language.
_SIGNS: tuple[tuple[str, ...], ...] = (
    (r"==+", "="),
    (r"≥|=>", ">="),
    (r"≤|=<", "<="),
    (r"≠|<>", "!="),
    (r"×|·|∙", "*"),
    (r"÷|∶", "/"),
    (r"−", "-"),
    (r"：", ":"),
    (r"，", ","),
    (r"（", "("),
    (r"）", ")"),
    (r"\s{0,4};\s{0,4}$", ""),
    (r"\s{0,4};", ","),
    (r"[,.]\s{0,4}$", ""),
    (rf"({_NUM})\s{{0,4}}[-–—]\s{{0,4}}({_NUM})", r"\1 {TO} \2"),
    (r"[–—]", "-"),
    (r"\*\*", "^"),
    (r"&&?", "{AND}"),
    (r"\|\|?", "{OR}"),
    (r"!(?!=)\s{0,4}", "{NOT} "),
    (r"\[", "("),
    (r"\]", ")"),
    (r"\bmax(?:imum)?\s{1,4}(?=[\w-])", "{AT_MOST} "),
    (r"\bmin(?:imum)?\s{1,4}(?=[\w-])", "{AT_LEAST} "),
)

_TIED = (
    r"\s{0,4},?\s{0,4}\b(?:on (?:a )?ties?|if (?:a |there is a )?ties?|when tied|if tied)"
    r"\s{0,4}[:,]?\s{0,4}(?:the )?"
)

# Phrases that hold words of the tables below: they come first.
_ENGLISH_PHRASES: tuple[tuple[str, ...], ...] = (
    # what is missing, and shares of full points
    (r"(?:(?<=missing )|(?<=missing: )|(?<=missing:))n/?a\b", "{NOT_APPLICABLE}"),
    (rf"({_NUM}) full points\b", r"\1 {OF_FULL_POINTS}"),
    (r"\bof (?:the )?(?:full|max|maximum) (?:points?|marks?|score)\b", "{OF_FULL_POINTS}"),
    (_TIED + r"highest\b", " {IF_TIED_HIGHEST}"),
    (_TIED + r"lowest\b", " {IF_TIED_LOWEST}"),
    (r"\bsum (?:over|divided by)(?: the)?(?: positive)? max(?:imum)?\b", "{SUM_OVER_POSITIVE}"),
    # the other units, the cycle before
    (
        r"\b(?:mean|average|avg)(?: of)?\s{1,4}(.{1,100}?)\s{1,4}"
        r"(?:among|across|over|of|between)(?: all)?(?: the)? units\b",
        r"{AVERAGE} \1 {AMONG_UNITS}",
        "units",
    ),
    (r"\b(?:among|across|over|between)(?: all)?(?: the)?(?: other)? units\b", "{AMONG_UNITS}"),
    (r"\b(?:std\.? ?dev(?:iation)?|stdev|standard deviation)(?: of)?\b", "{STANDARD_DEVIATION_OF}"),
    (r"\bz-?scores?(?: of)?\b", "{STANDARD_SCORE_OF}"),
    (r"\b(?:the )?(?:rank|ranking|place)(?: of)?\s{1,4}(?=[^\W\d].{0,60}among)", "{RANK_OF} ", "among"),
    (r"\b(?:percentage|percent|proportion|fraction) of units\b", "{SHARE_OF_UNITS}"),
    (r"\bhow many units\b", "{NUMBER_OF_UNITS}"),
    (r"\b(?:last|prior|previous) (?:year|period|cycle|round)(?:'s)?(?: value of)?\s{1,4}", "{PREVIOUS} "),
    (r"\bprevious value of\b", "{PREVIOUS}"),
    (
        r"\bif (?:there is |there was )?(?:no|not any) (?:previous|prior)(?: (?:value|year|period|cycle))?\b",
        "{IF_NO_PREVIOUS}",
    ),
    (r"\b(?:days (?:late|overdue)|late days)(?: (?:for|after|of|with))?\s{1,4}(?=[^\W\d])", "{DAYS_LATE_OF} "),
    # stages, ranking, quotas, publication
    (r"\b(?:rounds|phases)\b", "{STAGES}"),
    (r"\bkeep(?:s|ing)? (?:the )?(?:scores|marks|points|judge?ments?)\b", "{KEEPS_JUDGEMENTS}"),
    (r"\b(?:asked (?:at|in|since|from stage)|from stage)\b", "{ASKED_FROM}"),
    (r"\b(?:by|until|before)\s{1,4}(?=[0-9]{4}-)", "{ON} "),
    (
        r"\bties? (?:shares?|gets?|have|has)(?: the| a)?(?: same)? ranks?,? (?:with no|without|no)(?: an?y?)? gaps?\b",
        "{TIES_WITHOUT_A_GAP}",
    ),
    (r"\bties? (?:shares?|gets?|have|has)(?: the| a)?(?: same)? ranks?\b", "{TIES_SHARE_THE_RANK}"),
    (r"\bties? (?:are |is )?(?:left )?undecided\b", "{TIES_UNDECIDED}"),
    (r"(?<=\branking)\s{1,4}(?:in|among|per|by|for each)\s{1,4}", " {WITHIN} "),
    (r"\bwithin (?:the same|each|every|the)\b", "{WITHIN}"),
    (r"\brank(?:ed|s)?(?= within\b)", "{RANKING}"),
    (r"\b(?:unrounded total|total before rounding)\b", "{EXACT_TOTAL}"),
    (r"\b(?:ascending|asc|smallest first|fewest first|lower first)\b", "{LOWEST_FIRST}"),
    (r"\s{1,4}(?:descending|desc|highest first|largest first)\b", ""),
    (r"\bor (?:above|higher|up)\b", "{OR_BETTER}"),
    (r"\bof (?:everyone|everybody|all units|all of them)\b", "{OF_ALL}"),
    (
        r"\bpublish(?:ed)? (?:as|in)(?: an?)? (?:%|percent(?:age)?)"
        r"(?: of(?: the)?(?: applicable)? (?:maximum|max|total))?(?= ?(?:,|$))",
        "{PUBLISHED_AS} {PERCENT_OF_MAXIMUM}",
        "publish",
    ),
    (
        r"\bpublish(?:ed)? (?:as|in)(?: an?)? index(?: from)?(?: 0(?: to |-)1)?(?= ?(?:,|$))",
        "{PUBLISHED_AS} {INDEX_0_TO_1}",
    ),
    (r"\bgrades? (?:table )?(?:for|of)\s{1,4}(?=[^\W\d])", "{GRADES} "),
)

_VIETNAMESE_PHRASES: tuple[tuple[str, ...], ...] = (
    # what is missing, and shares of full points
    (r"(?:(?<=thiếu )|(?<=thiếu: )|(?<=thiếu:))(?:n/?a|không tính)\b", "{NOT_APPLICABLE}"),
    (rf"({_NUM})\s{{1,4}}(?:điểm tối đa|đủ điểm)", r"\1 {OF_FULL_POINTS}"),
    (r"\bnếu (?:hòa|hoà|bằng nhau|ngang điểm)(?: thì)?(?: lấy)? cao nhất\b", "{IF_TIED_HIGHEST}"),
    (r"\bnếu (?:hòa|hoà|bằng nhau|ngang điểm)(?: thì)?(?: lấy)? thấp nhất\b", "{IF_TIED_LOWEST}"),
    (r"\btổng (?:trên|chia cho)(?: tổng)? điểm tối đa(?: dương)?", "{SUM_OVER_POSITIVE}"),
    # the other units, the cycle before
    (
        r"\b(?:trung bình(?: cộng)?|bình quân)(?: của)?\s{1,4}(.{1,100}?)\s{1,4}"
        r"(?:giữa|trong|của|ở)(?: tất cả)?(?: các| mọi)? đơn vị\b",
        r"{AVERAGE} \1 {AMONG_UNITS}",
        "đơn vị",
    ),
    (r"\b(?:giữa|trong|của|ở)(?: tất cả)?(?: các| mọi)? đơn vị\b", "{AMONG_UNITS}"),
    (r"\b(?:tỷ lệ|tỉ lệ) (?:các|số|của) đơn vị\b", "{SHARE_OF_UNITS}"),
    (r"\b(?:số lượng|số các|tổng số) đơn vị\b", "{NUMBER_OF_UNITS}"),
    (r"\b(độ lệch chuẩn|điểm chuẩn hóa|hạng|vị trí)\s{1,4}(?!của\b)(?=[^\W\d])", r"\1 của "),
    (r"\bgiá trị (?:của )?(?:năm trước|năm ngoái|chu kỳ trước) của\b", "{PREVIOUS}"),
    (r"\bđiểm (?:của )?(?:năm trước|năm ngoái|chu kỳ trước) của\b", "{PREVIOUS_POINTS_OF}"),
    (r"\btổng điểm (?:của )?(?:năm trước|năm ngoái|chu kỳ trước)\b", "{PREVIOUS_TOTAL}"),
    (r"\b([^\W\d]\w{0,60})\s{1,4}(?:của )?(?:kỳ trước|năm trước|năm ngoái)\b", r"{PREVIOUS} \1"),
    (r"\b(?:năm trước|năm ngoái|chu kỳ trước|kỳ trước đó)\b", "{PREVIOUS}"),
    (r"\bnếu không có (?:số liệu )?kỳ trước(?: thì)?\b", "{IF_NO_PREVIOUS}"),
    (r"\bsố ngày (?:chậm|trễ|muộn|quá hạn)(?: của| so với)?\b", "{DAYS_LATE_OF}"),
    # stages, ranking, quotas, publication
    (r"\b(?:hạn chót|hạn nộp)\b", "{DEADLINE}"),
    (r"\b(?:các giai đoạn|các bước|các đợt)\b", "{STAGES}"),
    (r"\b(?:thu thập từ|hỏi từ vòng|từ vòng)\b", "{ASKED_FROM}"),
    (r"\bgiữ (?:nguyên )?(?:điểm|nhận xét)\b", "{KEEPS_JUDGEMENTS}"),
    (
        r"\b(?:bằng|cùng|đồng|ngang) điểm(?: thì)? (?:cùng|đồng) hạng,? (?:liền hạng|không (?:cách|nhảy) hạng)",
        "{TIES_WITHOUT_A_GAP}",
    ),
    (r"\b(?:bằng|cùng|đồng|ngang) điểm(?: thì)? (?:cùng|đồng) hạng\b", "{TIES_SHARE_THE_RANK}"),
    (r"\b(?:bằng|cùng|đồng|ngang) điểm(?: thì)? chờ quyết định\b", "{TIES_UNDECIDED}"),
    (r"\b(?:xếp thứ hạng|thứ hạng)\b", "{RANKING}"),
    (r"\b(?:sau đó|tiếp theo|rồi đến)(?: theo)?\b", "{THEN_BY}"),
    (r"\b(?:thấp trước|tăng dần|thấp hơn xếp trước)\b", "{LOWEST_FIRST}"),
    (r"\s{1,4}(?:giảm dần|cao trước|cao xếp trước)", ""),
    (r"\b(?:tổng điểm trước khi làm tròn|tổng điểm không làm tròn)\b", "{EXACT_TOTAL}"),
    (r"\b(?:chỉ tiêu|tỷ lệ khống chế)\b", "{QUOTA}"),
    (
        r"\bcông bố(?: theo| bằng| dưới dạng)? (?:%|(?:tỷ lệ )?phần trăm)(?= ?(?:,|$))",
        "{PUBLISHED_AS} {PERCENT_OF_MAXIMUM}",
    ),
    (r"\bxếp loại cho\b", "{GRADES}"),
)

_ENGLISH: tuple[tuple[str, ...], ...] = (
    (r"\bif (?:not (?:scored|assessed|marked|graded)|not yet judged|unjudged)\b", "{IF_NOT_JUDGED}"),
    (r"\b(?:when missing|if (?:absent|unknown|empty|not (?:given|known|provided|available)))\b", "{IF_MISSING}"),
    (rf"\b(?:between|from)\s{{1,4}}({_NUM})\s{{1,4}}(?:and|to)\s{{1,4}}({_NUM})", r"\1 {TO} \2"),
    (rf"\b({_NUM})\s{{1,4}}(?:through|until|till|up to)\s{{1,4}}({_NUM})", r"\1 {TO} \2"),
    (r"\b(?:less|fewer|lower|smaller) than or equal(?: to)?\b", "<="),
    (r"\b(?:more|greater|higher|larger) than or equal(?: to)?\b", ">="),
    (rf"\b(?:at least|not less than|no less than|not below|minimum(?: of)?)\s{{1,4}}({_NUM})", r"\1 {OR_MORE}"),
    (rf"\b(?:at most|not more than|no more than|up to|maximum(?: of)?)\s{{1,4}}({_NUM})", r"\1 {OR_LESS}"),
    (r"\b(?:not more than|no more than|up to|maximum of)\b", "{AT_MOST}"),
    (r"\b(?:not less than|no less than|minimum of)\b", "{AT_LEAST}"),
    (rf"({_NUM})\s{{1,4}}(?:and|or) (?:above|over|higher|greater|up)\b", r"\1 {OR_MORE}"),
    (rf"({_NUM})\s{{1,4}}(?:and|or) (?:below|under|lower|fewer)\b", r"\1 {OR_LESS}"),
    (r"\b(?:is )?(?:less|fewer|lower|smaller) than\b", "{BELOW}"),
    (r"\b(?:is )?(?:more|greater|higher|larger) than\b", "{ABOVE}"),
    (r"\b(?:is )?(?:less|fewer|lower|smaller) than\b", "<"),
    (r"\b(?:is )?(?:more|greater|higher|larger) than\b", ">"),
    (r"\b(?:under)\b", "{BELOW}"),
    (r"\b(?:over|beyond)\b", "{ABOVE}"),
    (
        r"\bif\b(.{1,200}?)\s{0,4},?\s{0,4}\bthen\b(.{1,200}?)\s{0,4},?\s{0,4}\belse\b",
        r"{WHEN}\1 {THEN}\2 {ELSE}",
        "then",
    ),
    (r"\bif\b(.{1,200}?)\s{0,4},?\s{0,4}\bthen\b", r"{WHEN}\1 {THEN}", "then"),
    (r"\b(?:if|when)\b(.{1,200}?)\s{0,4},?\s{0,4}\bthen\b\s{0,4}", r"{WHEN}\1: ", "then"),
    (r"\bif\b", "{WHEN}"),
    (r"\b(?:else|default|all others?|others?|in all other cases)\b", "{OTHERWISE}"),
    (r"\bequals?(?: to)?\b", "="),
    (rf"\bis not (?={_NUM})", "!= "),
    (rf"\bis (?={_NUM})", "= "),
    (r"(?<=[\w)])\s{1,4}in\s{0,4}(?=\()", " {IS_ONE_OF} "),
    (r"\byes\s{0,4}(?:/|or|,)\s{0,4}no\b", "{YES_NO}"),
    (r"(?<=:)(\s{0,4})(?:bool(?:ean)?|true/false|tick ?box|check ?box)\b", r"\1{YES_NO}"),
    (r"(?<=:)(\s{0,4})(?:int(?:eger)?|whole number)\b", r"\1{COUNT}"),
    (r"(?<=:)(\s{0,4})(?:float|decimal|real|numeric)\b", r"\1{NUMBER_TYPE}"),
    (r"(?<=:)(\s{0,4})(?:percentage|rate|share)\b", r"\1{PERCENT_TYPE}"),
    (r"(?<=:)(\s{0,4})(?:string|str|words)\b", r"\1{TEXT_TYPE}"),
    (r"(?<=:)(\s{0,4})(?:choice|enum|select|any of|either)(?: of)?\b", r"\1{ONE_OF}"),
    (r"\b(?:pts?|marks?)\b", "{POINTS}"),
    (r"\btrue\b", "{YES}"),
    (r"\bfalse\b", "{NO}"),
    (r"\b(?:deduct|subtract|minus)\b", "{DEDUCT}"),
    (r"\b(?:bonus|add|plus)\b", "{AWARD}"),
    (r"\bper\b", "{FOR_EACH_OF}"),
    (r"\bfor (?:each|every)\b(?! of)", "{FOR_EACH_OF}"),
    (r"\b(?:not applicable|n/?a) (?:if|where)\b", "{NOT_APPLICABLE_WHEN}"),
    (r"\bwhere\b", "{WHEN}"),
    # registers
    (r"\b(?:average|avg|arithmetic mean) of\b", "{MEAN_OF}"),
    (r"\b(?:number|total number) of\b", "{COUNT_OF}"),
    (r"\btotal of\b", "{SUM_OF}"),
    (r"\b(?:max(?:imum)?|largest|greatest) of\b", "{HIGHEST_OF}"),
    (r"\b(?:min(?:imum)?|smallest|least) of\b", "{LOWEST_OF}"),
    (r"\b(?:max(?:imum)?|largest|greatest)\b", "{HIGHEST}"),
    (r"\b(?:min(?:imum)?|smallest|least)\b", "{LOWEST}"),
    (r"\b(?:percentage|proportion|fraction|ratio) of\b", "{SHARE_OF}"),
    (r"\b(?:most common|most frequent|mode) of\b", "{MAJORITY_OF}"),
    (
        r"\b(count|sum|share|majority|trimmed mean|mean|median|highest|lowest)\s{1,4}(?!of\b)(?=[^\W\d])",
        r"\1 of ",
    ),
    (r"(?<=\w)\s{1,4}(?:of|from|over|across)\s{1,4}(?=[^\W\d])", " {IN} "),
    (r"(?<=\w)\s{1,4}(?:when|if|with|having|that)\s{1,4}(?=[^\W\d])", " {WHERE} "),
    (r"\s{0,4},?\s{0,4}\bif (?:none|empty|there are none)\s{0,4}:?\s{0,4}", " {IF_NONE} "),
    (r"(?<=:)(\s{0,4})(?:table|register|rows|array|log)\b", r"\1{LIST}"),
    (r"(?<=:)(\s{0,4})(?:survey|scores|votes|panel)\b", r"\1{RATINGS}"),
    (r"\b(?:people|persons|judges|scorers|reviewers|responses|ratings|votes)\b", "{RATERS}"),
    (r"\b(?:pow)\(", "{POWER}("),
    (r"\b(?:log|ln)\(([^(),]{1,60})\)", r"{LN}(\1, 6 {PLACES})"),
    (r"\bexp\(([^(),]{1,60})\)", r"{EXP}(\1, 6 {PLACES})"),
    (r"\b(?:square root of|sqrt)\s{0,4}\(([^(),]{1,60})\)", r"{SQRT}(\1, 6 {PLACES})"),
    (r"\bpow(?:er)?\(([^(),]{1,60}),([^(),]{1,60})\)", r"{POWER}(\1,\2, 6 {PLACES})"),
    # groups
    (r"\b(?:combined?|aggregated?)(?: (?:by|as|using|with))?(?: the)?\b", "{COMBINE}"),
    (r"\bweighted (?:average|avg|sum)\b", "{WEIGHTED_MEAN}"),
    (r"\bgeometric (?:average|avg)\b", "{GEOMETRIC_MEAN}"),
    (r"\bharmonic (?:average|avg)\b", "{HARMONIC_MEAN}"),
    (r"\b(?:average|avg|arithmetic mean)\b", "{MEAN}"),
    (r"\bbest of(?: the)?\b", "{BEST}"),
    (r"\b(?:the )?([0-9]+) best\b", r"{BEST} \1"),
    (r"\bdrop(?: the)? ([0-9]+) (?:lowest|worst)\b", r"{DROP_LOWEST} \1"),
    (r"\bdrop(?: the)? (?:lowest|worst)\s{0,4}$", "{DROP_LOWEST} 1"),
    (r"\bdrop(?: the)? (?:lowest|worst)\b", "{DROP_LOWEST}"),
    (r"\bif (?:any|one|a child|any index)(?: is| =| equals)? (?:0|zero)\b", "{IF_ANY_IS_0}"),
    (r"\b(?:needs?|requires?)(?: at least)?\s{1,4}(?=[0-9])", "{NEEDS_AT_LEAST} "),
    (r"\bof (?:the )?(?:total )?weights?\b", "{OF_WEIGHT}"),
    (r"\s{0,4},?\s{0,4}\b(?:weight|weighted|weighting)\s{0,4}[:=]?\s{0,4}(?=[0-9])", " {WEIGHT} "),
    (r",\s{0,4}(?=at most\b)", " "),
    (r"\bbonus points?\b", "{BONUS}"),
    (r"\b(?:penalties|penalty points?|deductions?|malus)\b", "{PENALTY}"),
    # what is declared once
    (r"\)\s{0,4}:", ") ="),
    (r"\b(?:lookup|matrix|grid)\b", "{TABLE}"),
    (r"\b(?:for|over|on|with)\b", "{BY}"),
    (r"\b(?:import|include)\b", "{USE}"),
    (r"\b(?:(?:using|with|by|per|in)(?: the)? )?scale\b", "{ON_SCALE}"),
    (r"(?<=\w) on (?=[^\W\d])", " {ON_SCALE} "),
    (r"\s{1,4}(?:gives|returning|returns)\s{1,4}", " {GIVING} "),
    (r"\s{1,4}(?:per|for every|by|grouped by)\s{1,4}(?=[^\W\d])", " {FOR_EACH} "),
)

_VIETNAMESE: tuple[tuple[str, ...], ...] = (
    (r"\bnếu (?:chưa|không) (?:đánh giá|cho điểm|chấm điểm|chấm)\b", "{IF_NOT_JUDGED}"),
    (r"\bnếu (?:không có số liệu|chưa có số liệu|chưa có|thiếu dữ liệu)\b", "{IF_MISSING}"),
    (r"\b(?:tới|cho đến)\b", "{TO}"),
    (rf"\btừ\s{{1,4}}((?:trên\s{{1,4}})?{_NUM})\s{{1,4}}(?:đến|tới)(\s{{1,4}}dưới)?\s{{1,4}}({_NUM})", r"\1 {TO}\2 \3"),
    (rf"\btừ\s{{1,4}}({_NUM})\s{{1,4}}trở (lên|xuống)\b", r"\1 trở \2"),
    (rf"\b(?:từ đủ|từ|ít nhất|tối thiểu|không dưới|đạt từ)\s{{1,4}}({_NUM})(?!\s{{0,4}}(?:đến|trở))", r"\1 {OR_MORE}"),
    (rf"\b(?:không quá|tối đa|nhiều nhất|không vượt quá)\s{{1,4}}({_NUM})", r"\1 {OR_LESS}"),
    (r"\b(?:không quá|nhiều nhất|không vượt quá)\b", "{AT_MOST}"),
    (r"\bkhông dưới\b", "{AT_LEAST}"),
    (r"\b(?:ít|nhỏ|thấp|bé) hơn\b", "{BELOW}"),
    (r"\b(?:nhiều|lớn|cao) hơn\b", "{ABOVE}"),
    (r"\b(?:ít|nhỏ|thấp|bé) hơn\b", "<"),
    (r"\b(?:nhiều|lớn|cao) hơn\b", ">"),
    (r"\bhơn\b", "{ABOVE}"),
    (r"\b(?:khi|nếu)\b(.{1,200}?)\s{0,4},?\s{0,4}\bthì\b\s{0,4}", r"{WHEN}\1: ", "thì"),
    (r"\b(?:nếu không|không thì|trường hợp khác)\b(?! thì)", "{ELSE}"),
    (r"\b(?:ngược lại|nếu không thì|nếu không|khác|trường hợp khác)\b", "{OTHERWISE}"),
    (r"\bkhông\s{1,4}(?=[^\W\d])", "{NOT} "),
    (r"\b(?:hay là|hay|hoặc là)\b", "{OR}"),
    (r"\b(?:bằng|bằng với)\b", "="),
    (rf"\blà (?={_NUM})", "= "),
    (r"\bcó\s{0,4}(?:/|hoặc|hay|,)\s{0,4}không\b", "{YES_NO}"),
    (r"(?<=:)(\s{0,4})(?:số nguyên|số lượng)\b", r"\1{COUNT}"),
    (r"(?<=:)(\s{0,4})(?:số thực|số thập phân)\b", r"\1{NUMBER_TYPE}"),
    (r"(?<=:)(\s{0,4})(?:tỷ lệ|tỉ lệ)\b", r"\1{PERCENT_TYPE}"),
    (r"(?<=:)(\s{0,4})(?:văn bản|chuỗi)\b", r"\1{TEXT_TYPE}"),
    (r"\btrừ đi\b", "{DEDUCT}"),
    (r"\bcộng thêm\b", "{AWARD}"),
    (r"\bcho mỗi\s{1,4}một\b", "{FOR_EACH_OF}"),
    (r"\b(?:mỗi|với mỗi|trên mỗi)\b", "{FOR_EACH_OF}"),
    (r"\bkhông áp dụng nếu\b", "{NOT_APPLICABLE_WHEN}"),
    (r"\bbởi vì|do\b", "{BECAUSE}"),
    # registers
    (r"\b(?:trung bình cộng|bình quân)(?: của)?\s{1,4}(?=[^\W\d])", "{MEAN_OF} "),
    (r"\b(?:đếm số dòng|đếm|số dòng|số lượng)(?: của)?\s{1,4}(?=[^\W\d])", "{COUNT_OF} "),
    (r"\b(?:tổng số|tổng cộng|cộng dồn)(?: của)?\s{1,4}(?=[^\W\d])", "{SUM_OF} "),
    (r"\b(?:lớn nhất|cao nhất)(?: của)?\s{1,4}(?=[^\W\d])", "{HIGHEST_OF} "),
    (r"\b(?:nhỏ nhất|thấp nhất)(?: của)?\s{1,4}(?=[^\W\d])", "{LOWEST_OF} "),
    (r"\b(?:lớn nhất)\b", "{HIGHEST}"),
    (r"\b(?:nhỏ nhất|bé nhất)\b", "{LOWEST}"),
    (r"\b(tổng|trung bình|trung vị|đa số|tỷ lệ|tỉ lệ)\s{1,4}(?!của\b|điểm\b)(?=[^\W\d])", r"\1 của "),
    (r"(?<=\w)\s{1,4}(?:ở|tại|của|thuộc|từ)\s{1,4}(?=[^\W\d])", " {IN} "),
    (r"(?<=\w)\s{1,4}(?:trong đó|mà có|khi|nếu|có|với)\s{1,4}(?=[^\W\d])", " {WHERE} "),
    (r"\s{0,4},?\s{0,4}\bnếu (?:trống|rỗng|không có dòng nào|không có)\s{0,4}[:,]?\s{0,4}", " {IF_NONE} "),
    (r"(?<=:)(\s{0,4})(?:bảng kê|bảng|sổ|danh mục)\b", r"\1{LIST}"),
    (r"(?<=:)(\s{0,4})(?:phiếu khảo sát|khảo sát|phiếu)\b", r"\1{RATINGS}"),
    (r"\b(?:giám khảo|người)\b", "{RATERS}"),
    (r"\bcăn\b(?! bậc)", "{SQRT}"),
    (r"\b(?:log|ln)\(([^(),]{1,60})\)", r"{LN}(\1, 6 {PLACES})"),
    (r"\bexp\(([^(),]{1,60})\)", r"{EXP}(\1, 6 {PLACES})"),
    (r"\b(?:căn bậc hai của|căn bậc hai)\s{0,4}\(([^(),]{1,60})\)", r"{SQRT}(\1, 6 {PLACES})"),
    (r"\blũy thừa\(([^()]{1,60}?), ([^()]{1,60})\)", r"{POWER}(\1, \2, 6 {PLACES})"),
    # groups
    (r"\b(?:tổng hợp|gộp)(?: (?:bằng|theo cách|theo))?\b", "{COMBINE}"),
    (r"\b(?:trung bình (?:cộng )?gia quyền|bình quân gia quyền|trung bình trọng số)\b", "{WEIGHTED_MEAN}"),
    (r"\btrung bình hình học\b", "{GEOMETRIC_MEAN}"),
    (r"\btrung bình hài (?:hòa|hoà)\b", "{HARMONIC_MEAN}"),
    (r"\b(?:trung bình cộng|bình quân)\b", "{MEAN}"),
    (r"\b(?:lấy )?([0-9]+) (?:mục |tiêu chí )?(?:cao|tốt) nhất\b", r"{BEST} \1"),
    (r"\b(?:bỏ|loại) ([0-9]+) (?:mục |tiêu chí )?(?:thấp|kém) nhất\b", r"{DROP_LOWEST} \1"),
    (r"\bbỏ (?:mục |tiêu chí )?thấp nhất\s{0,4}$", "{DROP_LOWEST} 1"),
    (r"\bnếu có (?:một )?(?:mục|tiêu chí|chỉ số)(?: nào)?(?: bằng| là| đạt)? (?:0|không)(?: điểm)?\b", "{IF_ANY_IS_0}"),
    (r"\bcần(?: có)?(?: tối thiểu| ít nhất)?\s{1,4}(?=[0-9])", "{NEEDS_AT_LEAST} "),
    (r"\b(?:của )?(?:tổng )?trọng số\b", "{OF_WEIGHT}"),
    (r"\s{0,4},?\s{0,4}\b(?:trọng số|tỷ trọng|hệ số)\s{0,4}[:=]?\s{0,4}(?=[0-9])", " {WEIGHT} "),
    (r",\s{0,4}(?=tối đa\b)", " "),
    (r"\b(?:bỏ qua|loại ra|loại trừ|không tính)\b", "{EXCLUDED}"),
    # what is declared once
    (r"\)\s{0,4}:", ") ="),
    (r"\bma trận\b", "{TABLE}"),
    (r"\b(?:kèm|chèn)\b", "{USE}"),
    (r"\b(?:(?:với|dùng|bằng) )?thang\b", "{ON_SCALE}"),
    (r"\b(?:cho kết quả|trả về|ra)\b", "{GIVING}"),
    (r"\b(?:cho từng|với từng|theo mỗi|của từng|mỗi)\b", "{FOR_EACH}"),
)

_TABLES = {"en": (*_ENGLISH_PHRASES, *_ENGLISH), "vi": (*_VIETNAMESE_PHRASES, *_VIETNAMESE)}


@cache
def slips(language: str) -> tuple[Slip, ...]:
    """The known slips of a language, likeliest meaning first."""
    rows = (*_SIGNS, *_TABLES.get(language, ()))
    return tuple(Slip(re.compile(row[0], re.IGNORECASE), _spelled(row[1], language), *row[2:]) for row in rows)


def _spelled(mend: str, language: str) -> str:
    return _MEANING.sub(lambda found: spell(found[1], language), mend)


def mends(text: str, stretches: list[tuple[int, int]], language: str) -> Iterator[list[tuple[int, int, str]]]:
    """For each slip met, the edits that undo it everywhere in the line: (start, end, what was meant)."""
    words = " ".join(text[start:end] for start, end in stretches).casefold()
    for slip in slips(language):
        if slip.needs not in words:
            continue
        edits = []
        for start, end in stretches:
            for found in slip.pattern.finditer(text, start, end):
                edits.append((found.start(), found.end(), found.expand(slip.mend)))
        edits = [edit for edit in edits if text[edit[0] : edit[1]] != edit[2]]
        if edits:
            yield edits
