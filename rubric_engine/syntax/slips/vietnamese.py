"""What people write in a Vietnamese file, and what they mean. See :mod:`rubric_engine.syntax.slips.forms`."""

from rubric_engine.syntax.slips import dates
from rubric_engine.syntax.slips.signs import NUM

_CODE = r"((?:[0-9]{1,3}|[IVX]{1,4})(?:\.[0-9A-Za-z]{1,4}){0,6})"
_HEADING = r"(?:(?:trạng thái(?: của)?|phần|lĩnh vực|tiêu chí(?: thành phần)?|mục|nhóm) ){0,2}"

_ENDS = r"(?:(?:thấp|kém) nhất (?:và|lẫn) (?:cao|tốt) nhất|(?:cao|tốt) nhất (?:và|lẫn) (?:thấp|kém) nhất)"

# Phrases that hold words of the table below: they come first.
PHRASES: tuple[tuple[str, ...], ...] = (
    # what is missing, and shares of full points
    (r"(?:(?<=thiếu )|(?<=thiếu: )|(?<=thiếu:))(?:n/?a|không tính)\b", "{NOT_APPLICABLE}"),
    (rf"({NUM})\s{{1,4}}(?:điểm tối đa|đủ điểm)", r"\1 {OF_FULL_POINTS}"),
    (r"\bnếu (?:hòa|hoà|bằng nhau|ngang điểm)(?: thì)?(?: lấy)? cao nhất\b", "{IF_TIED_HIGHEST}"),
    (r"\bnếu (?:hòa|hoà|bằng nhau|ngang điểm)(?: thì)?(?: lấy)? thấp nhất\b", "{IF_TIED_LOWEST}"),
    (r"\btổng (?:trên|chia cho)(?: tổng)? điểm tối đa(?: dương)?", "{SUM_OVER_POSITIVE}"),
    (
        rf"\b{_HEADING}{_CODE} (?:là )?"
        r"(?:không đủ số liệu|không đủ dữ liệu|(?:không|chưa)(?: được)? đánh giá(?: được)?)",
        r"{STATE_OF} \1 {IS} {NOT_RATED}",
    ),
    *dates.VIETNAMESE,
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

WORDS: tuple[tuple[str, ...], ...] = (
    (r"\bnếu (?:chưa|không) (?:đánh giá|cho điểm|chấm điểm|chấm)\b", "{IF_NOT_JUDGED}"),
    (r"\bnếu (?:không có số liệu|chưa có số liệu|chưa có|thiếu dữ liệu)\b", "{IF_MISSING}"),
    (r"\b(?:tới|cho đến)\b", "{TO}"),
    (rf"\btừ\s{{1,4}}((?:trên\s{{1,4}})?{NUM})\s{{1,4}}(?:đến|tới)(\s{{1,4}}dưới)?\s{{1,4}}({NUM})", r"\1 {TO}\2 \3"),
    (rf"\btừ\s{{1,4}}({NUM})\s{{1,4}}trở (lên|xuống)\b", r"\1 trở \2"),
    (rf"\b(?:từ đủ|từ|ít nhất|tối thiểu|không dưới|đạt từ)\s{{1,4}}({NUM})(?!\s{{0,4}}(?:đến|trở))", r"\1 {OR_MORE}"),
    (rf"\b(?:không quá|tối đa|nhiều nhất|không vượt quá)\s{{1,4}}({NUM})", r"\1 {OR_LESS}"),
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
    (rf"\blà (?={NUM})", "= "),
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
    (rf"\b(?:bỏ|loại) ([0-9]+) (?:mục |tiêu chí )?{_ENDS}", r"{DROP_ENDS} \1"),
    (rf"\b(?:bỏ|loại) (?:mục |tiêu chí |điểm )?{_ENDS}\s{{0,4}}$", "{DROP_ENDS} 1"),
    (rf"\b(?:bỏ|loại) (?:mục |tiêu chí |điểm )?{_ENDS}", "{DROP_ENDS}"),
    (r"\b(?:bỏ|loại) ([0-9]+) (?:mục |tiêu chí |điểm )?(?:cao|tốt) nhất\b", r"{DROP_HIGHEST} \1"),
    (r"\bbỏ (?:mục |tiêu chí |điểm )?cao nhất\s{0,4}$", "{DROP_HIGHEST} 1"),
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

# Whole phrases of a line, each at one place of it only.
PLACES: tuple[tuple[str, ...], ...] = (
    # headings and the header
    (r"^(\s{0,40})((?:[0-9]{1,3}|[IVX]{1,4})(?:\.[0-9A-Za-z]{1,4}){0,6}):?\s{1,4}$", r"\1{CRITERION} \2 "),
    (
        r"^(\s{0,40}[^\W\d][^\W\d ]{0,9}(?: [^\W\d]{1,9}){0,3}\s{1,4}[0-9IVX][0-9A-Za-z.]{0,20})"
        r"\s{1,4}([^\W\d][^\":]{0,200}?)"
        r"\s{1,4}(?=[0-9][0-9.,]{0,9} điểm\b)",
        r'\1 "\2" ',
    ),
    (r"(?<=\")\s{1,4}(-?[0-9]{1,9}(?:,[0-9]{1,9})?(?: đến [0-9,]{1,9})?)\s{0,4}$", r" \1 {POINTS}"),
    (r"(?<=[0-9])\s{0,4}đ\b(?!iểm)", " {POINTS}"),
    (r"\b(?:điểm tối đa|tối đa|tổng cộng)(?: là)?\s{1,4}(?=[0-9,]{1,9} điểm\b)", ""),
    (r"^(\s{0,40})(?:nhóm|nhóm tiêu chí|chương|mảng)(?= [0-9IVX])", r"\1{AREA}"),
    (r"^(\s{0,40})(?:tiêu chí con|tiểu tiêu chí|tiêu chí nhỏ|TCTP|tiêu chí TP)(?= [0-9IVX])", r"\1{COMPONENT}"),
    (r"^(\s{0,40})(?:tổng số điểm|tổng cộng điểm|tổng cộng|điểm tổng)\b", r"\1{TOTAL}"),
    (r"^(\s{0,40})(?:quyết định|ban hành theo|ban hành kèm theo|theo)(?=\s{0,4}$)", r"\1{ISSUED}"),
    (r"\b([0-9]{1,2})[-.]([0-9]{1,2})[-.]([0-9]{4})\b", r"\1/\2/\3"),
    (
        r"\blàm tròn (?:đến )?([0-9]+) (?:chữ số|số)(?: (?:thập phân|lẻ))?(?: sau dấu phẩy)?",
        r"{ROUNDED} {HALF_UP} {TO} \1 {PLACES}",
    ),
    # facts
    (r"^(\s{0,40})(?:nhập|chỉ số|thông tin|số liệu)\b", r"\1{INPUT}"),
    (r"(?<=,)\s{0,4}>=", " {AT_LEAST}"),
    (r"(?<=,)\s{0,4}<=", " {AT_MOST}"),
    (r"(?<=,)\s{0,4}>", " {ABOVE}"),
    (r"(?<=,)\s{0,4}<", " {BELOW}"),
    (r"(?<=,)\s{0,4}(?:ít nhất|tối thiểu|nhỏ nhất)(?: là)\b", " {AT_LEAST}"),
    (r"(?<=,)\s{0,4}(?:nhiều nhất|tối đa|lớn nhất)(?: là)\b", " {AT_MOST}"),
    (
        rf"(?<=,)\s{{0,4}}(?:trong khoảng|từ|giữa)?\s{{0,4}}({NUM})\s{{0,4}}(?:và|đến|tới|[-–—])\s{{0,4}}({NUM})",
        r" {FROM} \1 {TO} \2",
    ),
    (r"(?<=:)\s{0,4}%", " {PERCENT_TYPE}"),
    (r"(?<=:)\s{0,4}(?:tỷ lệ|tỉ lệ)(?: phần trăm| %)", " {PERCENT_TYPE}"),
    (r"(?<=:)\s{0,4}(?:ngày tháng năm|ngày tháng|thời điểm|thời gian)\b", " {DATE_TYPE}"),
    (r"\bmột trong (?:các|những|số)\b", "{ONE_OF}"),
    (r"(?<=,)\s{0,4}(?:chậm nhất|muộn nhất|không muộn hơn|trước)(?: là| ngày)?\b", " {AT_MOST}"),
    (r"(?<=,)\s{0,4}(?:sớm nhất|không sớm hơn|sau)(?: là| ngày)?\b", " {AT_LEAST}"),
    # rows
    (rf"\b(?:lớn hơn hoặc bằng|bằng hoặc (?:lớn hơn|trên)|trên hoặc bằng)\s{{1,4}}({NUM})", r"\1 {OR_MORE}"),
    (rf"\b(?:nhỏ hơn hoặc bằng|bằng hoặc (?:nhỏ hơn|dưới)|dưới hoặc bằng)\s{{1,4}}({NUM})", r"\1 {OR_LESS}"),
    (r"\b(?:lớn hơn hoặc bằng|bằng hoặc lớn hơn)\b", ">="),
    (r"\b(?:nhỏ hơn hoặc bằng|bằng hoặc nhỏ hơn)\b", "<="),
    (
        rf"(?<=\w)\s{{1,4}}từ\s{{1,4}}({NUM})\s{{1,4}}trở lên\b",
        r" >= \1",
    ),
    (
        rf"\b(?:từ\s{{1,4}})?((?:trên\s{{1,4}})?{NUM})\s{{0,4}}(?:đến|tới|[-–—])\s{{0,4}}(?:dưới|<)\s{{0,4}}({NUM})(?:\s{{1,4}}điểm)?",
        r"\1 {TO} {BELOW} \2",
    ),
    (rf"\btừ\s{{1,4}}((?:trên\s{{1,4}})?{NUM})\s{{0,4}}[-–—]\s{{0,4}}({NUM})", r"\1 {TO} \2"),
    (rf"\b(?:từ\s{{1,4}})?({NUM}) điểm trở (lên|xuống)\b", r"\1 trở \2"),
    (rf"\bđạt(?: từ)?\s{{1,4}}({NUM}) trở lên", r"\1 {OR_MORE}"),
    (
        rf"^(\s{{0,40}})([0-9,]{{1,9}})(?: điểm)?\s{{0,4}}:\s{{0,4}}((?:trên |dưới |từ |đạt )?{NUM}[^:\"]{{0,40}})$",
        r"\1\3: \2",
    ),
    (r"(?<=:)\s{0,4}không(?: có)?(?: điểm)?\s{0,4}$", " 0"),
    (r"^(\s{0,40})(?:các |những )?(?:trường hợp còn lại|trường hợp khác)(?=\s{0,4}:)", r"\1{OTHERWISE}"),
    (r"(?<=[0-9%])\s{1,4}điểm(?=\s{0,4}(?:$|,|:))", ""),
    (r"\b(?:được|cho|là)\s{1,4}(?=[0-9])", ""),
    (r"^(\s{0,40})(?:trường hợp|trong trường hợp)\b", r"\1{WHEN}"),
    (
        r"\b(?:khi|nếu)\b(.{1,200}?)\s{0,4},?\s{0,4}\bthì\b\s{0,4}(?:được|cho|chấm)?\s{0,4}([0-9,]{1,9})(?: điểm)?",
        r"{WHEN}\1: \2",
        "thì",
    ),
    (r"\btrước(?: ngày)?(?= [0-9])", "<"),
    (r"\bsau(?: ngày)?(?= [0-9])", ">"),
    (r"\b(?:chậm nhất|muộn nhất)(?: là| ngày)*(?= [0-9])", "<="),
    (r"\bdưới(?= [0-9])", "<"),
    (r"\btrên(?= [0-9])", ">"),
    (r"\b(?:bằng không|bằng 0)\b", "= 0"),
    (
        r"^(\s{0,40}chấm)\s{1,4}(?:bằng nội suy|nội suy)(?: (?:theo|của))?\s{1,4}([^,:]{1,200}?)\s{0,4}$",
        r"\1 {BY} \2, {INTERPOLATED}",
    ),
    # rules
    (r"(?<=\w)\s{0,4}(?:chia cho|chia|:)\s{0,4}(?=[^\W\d])", " / "),
    (r"(?<=\w)\s{0,4}(?:nhân với|nhân|x)\s{0,4}(?=[^\W\d])", " * "),
    (r"^(\s{0,40})chấm điểm\b", r"\1{SCORE}"),
    (r"\b(?:theo )?(?:tỷ lệ|tỉ lệ|tương ứng)(?: với| theo| của)?(?= [^\W\d])", "{IN_PROPORTION_TO}"),
    (r"\btheo (?:tỷ lệ|tỉ lệ)(?: của| giữa)?\s{1,4}(?=[^\W\d])", "{BY} "),
    (r"\b0 điểm(?: nếu| khi)?(?= dưới\b)", "0"),
    (r",\s{0,4}(?=bước\b)", " "),
    (r"\btheo (?:đánh giá|nhận định|ý kiến)(?: của \w{1,20}(?: \w{1,20}){0,2})?\b", "{JUDGED}"),
    (r"\bkhi không có (?=[^\W\d])([^\W\d]\w{0,60})", r"{WHEN} \1 = 0"),
    (r"\bmin\s{0,4}(?=\()", "{MIN}"),
    (r"\bmax\s{0,4}(?=\()", "{MAX}"),
    (r"\b(?:bắt đầu|điểm ban đầu|điểm xuất phát|khởi điểm)(?: từ| là| bằng)?(?= [0-9đ])", "{START_AT}"),
    (
        r"^(\s{0,40})(?:cứ )?(?:mỗi|với mỗi) ([^\W\d]\w{0,60})(?:,| thì)?"
        r" (trừ|cộng)(?: đi| thêm)? ([0-9]{1,9}(?:,[0-9]{1,9})?)(?: điểm)?",
        r"\1\3 \4 {FOR_EACH_OF} \2",
    ),
    (r"(?<=thiếu)\s{1,4}thì\b", ""),
    (r"\s{1,4}(?=(?:nếu thiếu)\b)", ", "),
    # grades
    (
        r"^(\s{0,40})(?:xếp loại|phân loại|xếp hạng mức)(?: theo(?: tổng(?: số)? điểm)?)?\s{0,4}:?\s{0,4}$",
        r"\1{GRADES} {BY} {TOTAL}",
    ),
    (r"\bkhông (?:được )?(?:xếp loại|xếp) (?:trên|cao hơn|vượt)(?: loại| mức)?\b", "{NO_HIGHER_THAN}"),
    (r"^(\s{0,40})tối đa(?: xếp)?(?: loại)?(?= [^\W\d])", r"\1{NO_HIGHER_THAN}"),
    (
        r"\bđiểm (?:của )?(?:phần |lĩnh vực |tiêu chí thành phần |tiêu chí |mục )?"
        r"(?=[0-9IVX][0-9A-Z]{0,4}(?:\.[0-9a-z]{1,4})*\b)",
        "{POINTS_OF} ",
    ),
)

# After all else: what is left out.
LAST: tuple[tuple[str, ...], ...] = ((r"(?<=:)\s{0,4}(?=[^\W\d]\w{0,60}\s{0,4}$)", " {ONE_OF} ", ","),)

# Met in lines that can be read, and hardly ever meant so.
SUSPECTS: tuple[tuple[str, ...], ...] = (
    (r"(?<=\")\s{1,4}[-–—]\s{1,4}(?=[0-9,]{1,9} điểm\b(?! đến))", " "),
    (r"\b([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})\b", r"\1/\2/\3"),
)
