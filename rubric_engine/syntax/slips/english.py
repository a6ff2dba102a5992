"""What people write in an English file, and what they mean. See :mod:`rubric_engine.syntax.slips.forms`."""

from rubric_engine.syntax.slips import dates
from rubric_engine.syntax.slips.signs import NUM

_FROM = r"(?:from|at least|starting at)\s{1,4}"

_TIED = (
    r"\s{0,4},?\s{0,4}\b(?:on (?:a )?ties?|if (?:a |there is a )?ties?|when tied|if tied)"
    r"\s{0,4}[:,]?\s{0,4}(?:the )?"
)

_CODE = r"((?:[0-9]{1,3}|[IVX]{1,4})(?:\.[0-9A-Za-z]{1,4}){0,6})"
_HEADING = r"(?:(?:the )?(?:state of|status of|part|area|criterion|component|item|group|heading) ){0,2}"

_ENDS = r"(?:(?:lowest|worst) and(?: the)? (?:highest|best)|(?:highest|best) and(?: the)? (?:lowest|worst))\b"

# Phrases that hold words of the tables below: they come first.
PHRASES: tuple[tuple[str, ...], ...] = (
    # what is missing, and shares of full points
    (r"(?:(?<=missing )|(?<=missing: )|(?<=missing:))n/?a\b", "{NOT_APPLICABLE}"),
    (rf"({NUM}) full points\b", r"\1 {OF_FULL_POINTS}"),
    (r"\bof (?:the )?(?:full|max|maximum) (?:points?|marks?|score)\b", "{OF_FULL_POINTS}"),
    (_TIED + r"highest\b", " {IF_TIED_HIGHEST}"),
    (_TIED + r"lowest\b", " {IF_TIED_LOWEST}"),
    (r"\bsum (?:over|divided by)(?: the)?(?: positive)? max(?:imum)?\b", "{SUM_OVER_POSITIVE}"),
    (
        rf"\b{_HEADING}{_CODE} (?:is |was )?(?:not rated|unrated|not (?:assessed|evaluated))\b",
        r"{STATE_OF} \1 {IS} {NOT_RATED}",
        "rated",
    ),
    (rf"\b(?:not rated|unrated) {_CODE}(?![\w.])", r"{STATE_OF} \1 {IS} {NOT_RATED}", "rated"),
    *dates.ENGLISH,
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

WORDS: tuple[tuple[str, ...], ...] = (
    (r"\bif (?:not (?:scored|assessed|marked|graded)|not yet judged|unjudged)\b", "{IF_NOT_JUDGED}"),
    (r"\b(?:when missing|if (?:absent|unknown|empty|not (?:given|known|provided|available)))\b", "{IF_MISSING}"),
    (rf"\b(?:between|from)\s{{1,4}}({NUM})\s{{1,4}}(?:and|to)\s{{1,4}}({NUM})", r"\1 {TO} \2"),
    (rf"\b({NUM})\s{{1,4}}(?:through|until|till|up to)\s{{1,4}}({NUM})", r"\1 {TO} \2"),
    (r"\b(?:less|fewer|lower|smaller) than or equal(?: to)?\b", "<="),
    (r"\b(?:more|greater|higher|larger) than or equal(?: to)?\b", ">="),
    (rf"\b(?:at least|not less than|no less than|not below|minimum(?: of)?)\s{{1,4}}({NUM})", r"\1 {OR_MORE}"),
    (rf"\b(?:at most|not more than|no more than|up to|maximum(?: of)?)\s{{1,4}}({NUM})", r"\1 {OR_LESS}"),
    (r"\b(?:not more than|no more than|up to|maximum of)\b", "{AT_MOST}"),
    (r"\b(?:not less than|no less than|minimum of)\b", "{AT_LEAST}"),
    (rf"({NUM})\s{{1,4}}(?:and|or) (?:above|over|higher|greater|up)\b", r"\1 {OR_MORE}"),
    (rf"({NUM})\s{{1,4}}(?:and|or) (?:below|under|lower|fewer)\b", r"\1 {OR_LESS}"),
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
    (r"\bis (?:unset|not set|not given|blank|empty|null|unknown)\b", "{IS} {MISSING}"),
    (rf"\bis not (?={NUM})", "!= "),
    (rf"\bis (?={NUM})", "= "),
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
    (rf"\bdrop(?: the)? ([0-9]+) {_ENDS}", r"{DROP_ENDS} \1"),
    (rf"\bdrop(?: the)? {_ENDS}\s{{0,4}}$", "{DROP_ENDS} 1"),
    (rf"\bdrop(?: the)? {_ENDS}", "{DROP_ENDS}"),
    (r"\bdrop(?: the)? ([0-9]+) (?:highest|best|top)\b", r"{DROP_HIGHEST} \1"),
    (r"\bdrop(?: the)? (?:highest|best|top)\s{0,4}$", "{DROP_HIGHEST} 1"),
    (r"\bdrop(?: the)? (?:highest|best|top)\b", "{DROP_HIGHEST}"),
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

# Whole phrases of a line, each at one place of it only.
PLACES: tuple[tuple[str, ...], ...] = (
    # headings and the header
    (r"^(\s{0,40})((?:[0-9]{1,3}|[IVX]{1,4})(?:\.[0-9A-Za-z]{1,4}){0,6}):?\s{1,4}$", r"\1{CRITERION} \2 "),
    (
        r"^(\s{0,40}\w{1,20}\s{1,4}[0-9A-Za-z.]{1,20})"
        r"\s{1,4}([^\W\d][^\":]{0,200}?)\s{1,4}(?=[0-9][0-9.,]{0,9} points?\b)",
        r'\1 "\2" ',
    ),
    (r"(?<=\")\s{1,4}(-?[0-9]{1,9}(?:\.[0-9]{1,9})?(?: to [0-9.]{1,9})?)\s{0,4}$", r" \1 {POINTS}"),
    (r"\b(?:max(?:imum)?|worth|out of|up to)(?: of)?\s{1,4}(?=[0-9.]{1,9} points?\b)", ""),
    (r"\brounded to ([0-9]+) (?:decimals?|digits?|places?)(?: places?)?\b", r"{ROUNDED} {HALF_UP} {TO} \1 {PLACES}"),
    (r"^(\s{0,40})(?:sub-?criteri(?:on|a)|sub-?criterium|indicator)\b", r"\1{COMPONENT}"),
    (r"^(\s{0,40})(?:section|domain|pillar|dimension|category)\b", r"\1{AREA}"),
    # facts
    (r"^(\s{0,40})(?:fact|field|variable|question|data)\b", r"\1{INPUT}"),
    (r"(?<=,)\s{0,4}>=", " {AT_LEAST}"),
    (r"(?<=,)\s{0,4}<=", " {AT_MOST}"),
    (r"(?<=,)\s{0,4}>", " {ABOVE}"),
    (r"(?<=,)\s{0,4}<", " {BELOW}"),
    (r"(?<=,)\s{0,4}([0-9]{1,9})\s{0,4}[-–—]\s{0,4}([0-9]{1,9})\s?%", r" {FROM} \1% {TO} \2%"),
    (
        rf"(?<=,)\s{{0,4}}(?:between|from)?\s{{0,4}}({NUM})\s{{0,4}}(?:and|to|[-–—])\s{{0,4}}({NUM})",
        r" {FROM} \1 {TO} \2",
    ),
    (r"(?<=:)\s{0,4}%", " {PERCENT_TYPE}"),
    (r"(?<=,)\s{0,4}(?:on or before|until|by|no later than)\b", " {AT_MOST}"),
    (r"(?<=,)\s{0,4}before\b", " {BELOW}"),
    (r"(?<=,)\s{0,4}(?:on or after|not before|no earlier than)\b", " {AT_LEAST}"),
    (r"(?<=,)\s{0,4}after\b", " {ABOVE}"),
    # rows
    (rf"^(\s{{0,40}}){_FROM}({NUM})(?=\s{{0,4}}:)", r"\1\2 {OR_MORE}"),
    (rf"(?<=:)\s{{0,4}}{_FROM}({NUM})\s{{0,4}}$", r" \1 {OR_MORE}"),
    (rf"^(\s{{0,40}}){_FROM}(?={NUM}\s{{1,4}}to\b)", r"\1"),
    (rf"({NUM})\+", r"\1 {OR_MORE}"),
    (r"(?<=:)\s{0,4}(?:no points|nothing|nil)\s{0,4}$", " 0"),
    (r"\bto\s{0,4}<", "{TO} {BELOW}"),
    (r"(?<=[0-9])\s{1,4}(?:points?|marks?|pts?)(?=\s{0,4}(?:$|,|:))", ""),
    (r"\belse if\b|\belif\b|\belsif\b", "{WHEN}"),
    (r",\s{1,4}(?=[^\W\d]\w{0,60} ?(?:[<>=]|is\b))", " {AND} "),
    (r"\b(?:is |are |was |were )?(?:on or before|no later than)(?= [0-9])", "<="),
    (r"\b(?:is |are |was |were )?(?:on or after|not before|no earlier than)(?= [0-9])", ">="),
    (r"\b(?:is |are |was |were )?(?:before|earlier than)(?= [0-9])", "<"),
    (r"\b(?:is |are |was |were )?(?:after|later than)(?= [0-9])", ">"),
    # rules
    (
        r"^(\s{0,40}score)\s{1,4}(?:by interpolation|interpolated)(?: (?:by|on|over|of))?"
        r"\s{1,4}([^,:]{1,200}?)\s{0,4}$",
        r"\1 {BY} \2, {INTERPOLATED}",
    ),
    (r"\b(?:proportional(?:ly)?|in proportion|pro rata)(?: (?:to|with|of))?\b", "{IN_PROPORTION_TO}"),
    (r"\b(?:zero|none|nothing|no points)(?= below\b)", "0"),
    (r",?\s{0,4}(?:\bin )?\bsteps? of\b", " {IN_STEPS_OF}"),
    (r"\bby (?:judge?ment|opinion|assessment|expert(?:s|'s)?(?: judge?ment)?)\b", "{JUDGED}"),
    (r"\bn/?a (?:when|if)\b", "{NOT_APPLICABLE_WHEN}"),
    (r"\b(?:the )?(?:minimum|smaller|smallest|lesser|least|lower)(?: of)?\s{0,4}(?=\()", "{MIN}"),
    (r"\b(?:the )?(?:maximum|larger|largest|greater|greatest|higher)(?: of)?\s{0,4}(?=\()", "{MAX}"),
    (r"\b(?:max(?:imum)?|all|the full) (?:points?|marks?|score)\b", "{FULL_POINTS}"),
    (r"\b(?:starts?|starting|begins?) (?:from|with|at)\b", "{START_AT}"),
    (rf"\s{{0,4}},?\s{{0,4}}\b(?:up to|max(?:imum)?(?: of)?|no more than|capped at)\s{{1,4}}(?={NUM})", ", {AT_MOST} "),
    (r"\b(?:otherwise|else|if not(?: given| there)?)(?= (?:at most|score|deduct|warn)\b)", "{IF_MISSING}"),
    # grades
    (
        r"^(\s{0,40})grades?(?: table)?(?: by(?: the)? total(?: points?| score)?)?\s{0,4}:?\s{0,4}$",
        r"\1{GRADES} {BY} {TOTAL}",
    ),
    (r"\b(?:scores?|marks?|result|value) (?:of|for|in)(?= [0-9IVX])", "{POINTS_OF}"),
)

# After all else: what is left out.
LAST: tuple[tuple[str, ...], ...] = ((r"(?<=:)\s{0,4}(?=[^\W\d]\w{0,60}\s{0,4}$)", " {ONE_OF} ", ","),)

# Met in lines that can be read, and hardly ever meant so.
SUSPECTS: tuple[tuple[str, ...], ...] = (
    (rf"(?<=\bwhen ){_CODE} is (?:not rated|unrated)\b", r"{STATE_OF} \1 {IS} {NOT_RATED}"),
    (
        rf"^(\s{{0,40}})([0-9.]{{1,9}})\s{{0,4}}:\s{{0,4}}"
        rf"({NUM} (?:or more|or less|or above|or below|and above|and below|to [^:]{{1,40}}))$",
        r"\1\3: \2",
    ),
    (r"(?<=\")\s{1,4}[-–—]\s{1,4}(?=[0-9.]{1,9} points?\b(?! to))", " "),
    (r"\b([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})\b", r"\3-\2-\1"),
)
