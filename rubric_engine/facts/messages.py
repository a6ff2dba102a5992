"""The words of problems met while scoring (RUB501 to RUB552), in both languages. Standard library only.

This is their one home; the pages in ``diagnostics/pages`` are held equal to it by a test. Values are put in with
:meth:`str.format_map`, so a value with braces in it stays data.
"""

from collections.abc import Mapping
from typing import Final

Texts = Mapping[str, Mapping[str, str]]

MESSAGES: Final[Texts] = {
    "RUB501": {
        "en": "there is no `{field}` here",
        "vi": "ở đây không có `{field}`",
    },
    "RUB502": {
        "en": "`{value}` cannot be read as a value of this fact",
        "vi": "không đọc được `{value}` thành giá trị của mục này",
    },
    "RUB503": {
        "en": "`{value}` is out of bounds: it must be {bound}",
        "vi": "`{value}` nằm ngoài giới hạn: phải {bound}",
    },
    "RUB504": {
        "en": "`{value}` is not a number one can count with",
        "vi": "`{value}` không phải là một số tính được",
    },
    "RUB505": {
        "en": "`{value}` is too large or too finely written to be a real figure",
        "vi": "`{value}` quá lớn hoặc quá nhiều chữ số, không thể là số liệu thật",
    },
    "RUB506": {
        "en": "`{value}` may mean {one} or {other}",
        "vi": "`{value}` có thể là {one} hoặc {other}",
    },
    "RUB507": {
        "en": "`{value}` does not agree with another fact: it must be {bound}, and {facts}",
        "vi": "`{value}` không khớp với số liệu khác: phải {bound}, mà {facts}",
    },
    "RUB508": {
        "en": "with these facts `{node}` divides by zero",
        "vi": "với số liệu này, `{node}` phải chia cho 0",
    },
    "RUB561": {
        "en": "with these facts a number of `{node}` gets longer than any score has a use for",
        "vi": "với số liệu này, một số của `{node}` dài quá mức bất kỳ điểm nào cần đến",
    },
    "RUB562": {
        "en": "with these facts `{node}` takes a root, a power or a logarithm that has no value",
        "vi": "với số liệu này, `{node}` tính một căn, lũy thừa hoặc lô-ga-rít không có giá trị",
    },
    "RUB563": {
        "en": "with these facts `{node}` looks for a value among rows or ratings that give none",
        "vi": "với số liệu này, `{node}` cần một giá trị mà các dòng hoặc phiếu đánh giá không cho được",
    },
    "RUB564": {
        "en": "with these facts the points below `{node}` have no such mean",
        "vi": "với số liệu này, điểm của các mục thuộc `{node}` không có giá trị trung bình loại đó",
    },
    "RUB509": {
        "en": "`{value}` is not a level of `{name}`",
        "vi": "`{value}` không phải là một mức của `{name}`",
    },
    "RUB510": {
        "en": "`{what}` does not have the form of a submission",
        "vi": "`{what}` không đúng dạng của một bản số liệu",
    },
    "RUB511": {
        "en": "{value} points cannot be given here",
        "vi": "không thể cho {value} điểm ở đây",
    },
    "RUB512": {
        "en": "the rubric asks for no evidence named `{field}`",
        "vi": "bộ tiêu chí không yêu cầu minh chứng nào tên là `{field}`",
    },
    "RUB513": {
        "en": "`{name}` is not given yet",
        "vi": "chưa có `{name}`",
    },
    "RUB514": {
        "en": "`{value}` is not a whole number",
        "vi": "`{value}` không phải là số nguyên",
    },
    "RUB515": {
        "en": "`{value}` has too many decimals",
        "vi": "`{value}` có quá nhiều chữ số thập phân",
    },
    "RUB516": {
        "en": "`{value}` is not a status of evidence",
        "vi": "`{value}` không phải là tình trạng của minh chứng",
    },
    "RUB517": {
        "en": "`{value}` is not a date",
        "vi": "`{value}` không phải là ngày",
    },
    "RUB518": {
        "en": "there is no total: {reason}",
        "vi": "không có tổng điểm: {reason}",
    },
    "RUB520": {
        "en": "`{value}` cannot be read as rows of `{name}`",
        "vi": "không đọc được `{value}` thành các dòng của `{name}`",
    },
    "RUB521": {
        "en": "`{name}` has no column `{field}`",
        "vi": "`{name}` không có cột `{field}`",
    },
    "RUB522": {
        "en": "`{value}` has rated already, as number {first}",
        "vi": "`{value}` đã chấm rồi, ở phiếu thứ {first}",
    },
    "RUB523": {
        "en": "`{value}` is given twice",
        "vi": "`{value}` được ghi hai lần",
    },
    "RUB524": {
        "en": "nobody can tell which document `{value}` is",
        "vi": "không rõ `{value}` là văn bản nào",
    },
    "RUB525": {
        "en": "`{value}` has more digits than a float keeps",
        "vi": "`{value}` có nhiều chữ số hơn mức kiểu số thực giữ được",
    },
    "RUB540": {
        "en": "`{name}` is not asked for yet",
        "vi": "chưa đến vòng thu thập `{name}`",
    },
    "RUB541": {
        "en": "`{name}` does not belong here",
        "vi": "`{name}` không ghi ở đây",
    },
    "RUB550": {
        "en": "the rubric has no stage `{field}`",
        "vi": "bộ tiêu chí không có vòng `{field}`",
    },
    "RUB551": {
        "en": "`{field}` does not stand at the right place in this dossier",
        "vi": "`{field}` không nằm đúng chỗ trong hồ sơ này",
    },
    "RUB552": {
        "en": "a finding lacks something: `{field}`",
        "vi": "một phát hiện còn thiếu: `{field}`",
    },
}

MORE_PROBLEMS: Final[Mapping[str, str]] = {
    "en": "and {count} more like these",
    "vi": "và {count} lỗi khác tương tự",
}

HELPS: Final[Mapping[str, Texts]] = {
    "RUB501": {
        "en": {
            "help": "did you mean `{mend}`?",
            "known": "known here: {known}",
            "none": "nothing can be given here",
            "label": "no fact has this name, and it is the label of `{first}` and of `{second}`: use the name",
        },
        "vi": {
            "help": "có phải ý bạn là `{mend}`?",
            "known": "ở đây chỉ có: {known}",
            "none": "ở đây không nhận giá trị nào",
            "label": "không có tên gọi này, và đây là nhãn của cả `{first}` và `{second}`: hãy dùng tên gọi",
        },
    },
    "RUB502": {
        "en": {
            "number": "write a number, such as 12 or 0.25",
            "not_percent": "this fact is not a percent: write the number without `%`",
            "percent": "write a percent, such as `85%`",
            "ambiguous": "write `{one}` or `{other}`",
            "marks_mixed": "write `{one}`, without a mark for thousands",
            "yes_no": "write yes or no",
            "text": "write text in quotes",
            "marks": "it contains invisible control or direction marks: type it again without them",
            "item": "write a reference in quotes, or an object with `reference`, `status`, `reason`, `issued`, `page`, "
            "`note`",
            "reference": "say which document it is in `reference`",
            "raised": "its own code raises {error}: give a plain value",
        },
        "vi": {
            "number": "ghi một số, ví dụ 12 hoặc 0,25",
            "not_percent": "mục này không phải là phần trăm: ghi số, không có `%`",
            "percent": "ghi một tỷ lệ phần trăm, ví dụ `85%`",
            "ambiguous": "ghi `{one}` hoặc `{other}`",
            "marks_mixed": "ghi `{one}`, không dùng dấu phân cách hàng nghìn",
            "yes_no": "ghi có hoặc không",
            "text": "ghi chữ trong dấu nháy",
            "marks": "trong đó có ký tự điều khiển hoặc dấu đổi chiều không nhìn thấy: hãy gõ lại",
            "item": "ghi số, ký hiệu văn bản trong dấu nháy, hoặc một đối tượng có `reference`, `status`, `reason`, "
            "`issued`, `page`, `note`",
            "reference": "ghi rõ là văn bản nào ở `reference`",
            "raised": "chính mã của nó báo lỗi {error}: hãy đưa vào một giá trị thông thường",
        },
    },
    "RUB503": {
        "en": {"help": "give a value within the bound; a value is never cut to fit"},
        "vi": {"help": "ghi giá trị trong giới hạn; giá trị không bao giờ bị tự ý cắt bớt"},
    },
    "RUB504": {
        "en": {"help": "give the figure, or leave it out while it is not known"},
        "vi": {"help": "ghi số liệu, hoặc bỏ trống khi chưa có"},
    },
    "RUB505": {
        "en": {"help": "write at most 60 digits, of which at most 40 after the decimal mark"},
        "vi": {"help": "ghi nhiều nhất 60 chữ số, trong đó nhiều nhất 40 chữ số sau dấu thập phân"},
    },
    "RUB506": {
        "en": {"help": "write `{one}` or `{other}`, with the percent sign"},
        "vi": {"help": "ghi `{one}` hoặc `{other}`, có dấu phần trăm"},
    },
    "RUB507": {
        "en": {
            "help": "correct one of the two",
            "put_in": "nobody gave {missing}, and what the rubric puts in for it does not fit: give {missing}",
        },
        "vi": {
            "help": "sửa lại một trong hai",
            "put_in": "chưa có số liệu {missing}, mà giá trị bộ tiêu chí lấy thay thế không khớp: hãy ghi {missing}",
        },
    },
    "RUB508": {
        "en": {"help": "say in the rubric what happens then, with `not applicable when …`"},
        "vi": {"help": "quy định trường hợp này trong bộ tiêu chí, bằng `không áp dụng khi …`"},
    },
    "RUB561": {
        "en": {"help": "round on the way in the rubric, or use smaller exponents"},
        "vi": {"help": "làm tròn giữa chừng trong bộ tiêu chí, hoặc dùng số mũ nhỏ hơn"},
    },
    "RUB562": {
        "en": {
            "help": "bound the facts in the rubric, or say what happens then with `not applicable when …`",
            "root": "there is no root of a number below 0: bound the facts, or take `max(0, …)` of it",
            "logarithm": "there is no logarithm of 0 or less: bound the facts, or say what happens then",
            "power": "such a power of 0, or of a number below 0, has no value: bound the facts",
            "large": "the result is beyond 10^60: bound the facts, or divide before",
        },
        "vi": {
            "help": "đặt giới hạn cho số liệu, hoặc quy định trường hợp này bằng `không áp dụng khi …`",
            "root": "số âm không có căn: đặt giới hạn cho số liệu, hoặc lấy `lớn nhất(0, …)`",
            "logarithm": "số 0 hoặc số âm không có lô-ga-rít: đặt giới hạn cho số liệu, hoặc quy định trường hợp này",
            "power": "lũy thừa như vậy của 0 hoặc của số âm không có giá trị: đặt giới hạn cho số liệu",
            "large": "kết quả vượt quá 10^60: đặt giới hạn cho số liệu, hoặc chia nhỏ trước",
        },
    },
    "RUB563": {
        "en": {
            "help": "say in the rubric what holds then, with `if none …`",
            "tie": "say in the rubric which of several holds, with `if tied highest`",
        },
        "vi": {
            "help": "quy định trường hợp này trong bộ tiêu chí, bằng `nếu không có dòng nào thì …`",
            "tie": "quy định giá trị nào được lấy, bằng `nếu ngang nhau thì cao nhất`",
        },
    },
    "RUB564": {
        "en": {"help": "a mean of that kind takes no points below 0, or of 0: say what then with `if any is 0 …`"},
        "vi": {"help": "trung bình loại đó không nhận điểm âm hoặc điểm 0: quy định trường hợp này trong bộ tiêu chí"},
    },
    "RUB509": {
        "en": {
            "help": "did you mean `{mend}`?",
            "known": "write one of: {known}",
        },
        "vi": {
            "help": "có phải ý bạn là `{mend}`?",
            "known": "ghi một trong các mức: {known}",
        },
    },
    "RUB510": {
        "en": {
            "help": "write an object with `unit`, `inputs`, `judged`, `evidence`, `claims`",
            "object": "write an object: names, each with its value",
            "twice": "it is given twice: keep one",
            "json": "it is not JSON: line {line}, column {column}",
            "encoding": "save the file as UTF-8",
            "deep": "it is nested too deep",
            "raised": "its own code raises {error}: give a plain mapping or list",
        },
        "vi": {
            "help": "ghi một đối tượng có `unit`, `inputs`, `judged`, `evidence`, `claims`",
            "object": "ghi một đối tượng: mỗi tên kèm một giá trị",
            "twice": "mục này ghi hai lần: chỉ giữ một",
            "json": "không phải JSON: dòng {line}, cột {column}",
            "encoding": "lưu tệp theo mã UTF-8",
            "deep": "lồng nhau quá sâu",
            "raised": "chính mã của nó báo lỗi {error}: hãy đưa vào một đối tượng hoặc danh sách thông thường",
        },
    },
    "RUB511": {
        "en": {
            "help": "give from {low} to {high} points",
            "steps": "give from {low} to {high} points, in steps of {step}",
        },
        "vi": {
            "help": "cho từ {low} đến {high} điểm",
            "steps": "cho từ {low} đến {high} điểm, theo bước {step}",
        },
    },
    "RUB512": {
        "en": {
            "help": "did you mean `{mend}`?",
            "known": "evidence asked for: {known}",
            "none": "leave it out: this rubric asks for no evidence",
        },
        "vi": {
            "help": "có phải ý bạn là `{mend}`?",
            "known": "minh chứng được yêu cầu: {known}",
            "none": "bỏ mục này: bộ tiêu chí không yêu cầu minh chứng",
        },
    },
    "RUB513": {
        "en": {"help": "give it, or evaluate the submission to see the lowest and highest total still possible"},
        "vi": {"help": "bổ sung, hoặc chấm đầy đủ để xem tổng điểm thấp nhất và cao nhất còn có thể"},
    },
    "RUB514": {
        "en": {"help": "write a whole number, such as 12"},
        "vi": {"help": "ghi số nguyên, ví dụ 12"},
    },
    "RUB515": {
        "en": {"help": "write at most {places} digits after the decimal mark"},
        "vi": {"help": "ghi nhiều nhất {places} chữ số sau dấu thập phân"},
    },
    "RUB516": {
        "en": {"help": "write submitted, accepted or rejected"},
        "vi": {"help": "ghi đã nộp, được chấp nhận hoặc bị từ chối"},
    },
    "RUB517": {
        "en": {
            "help": "write year, month, day, such as 2023-01-15",
            "ambiguous": "write `{one}` or `{other}`",
            "time": "write the day alone, without a time",
        },
        "vi": {
            "help": "ghi ngày, tháng, năm, ví dụ 15/01/2023",
            "ambiguous": "ghi `{one}` hoặc `{other}`",
            "time": "chỉ ghi ngày, không ghi giờ",
        },
    },
    "RUB518": {
        "en": {"help": "not rated is not 0: evaluate the submission to see what is missing, or say `if not rated: …`"},
        "vi": {
            "help": "không đánh giá khác với 0 điểm: chấm đầy đủ để xem còn thiếu gì, hoặc quy định "
            "`nếu không đủ số liệu: …`",
        },
    },
    "RUB520": {
        "en": {
            "help": "write a list, `[…]`, each row an object with its columns: {columns}",
            "ratings": "write a list of numbers, such as `[4, 5, 3]`",
            "row": "write the row as an object with its columns: {columns}",
            "long": "a list has at most {most} rows, and this one has {rows}",
        },
        "vi": {
            "help": "ghi một danh sách, `[…]`, mỗi dòng là một đối tượng có các cột: {columns}",
            "ratings": "ghi một danh sách các số, ví dụ `[4, 5, 3]`",
            "row": "ghi dòng này thành một đối tượng có các cột: {columns}",
            "long": "danh sách có nhiều nhất {most} dòng, mà danh sách này có {rows}",
        },
    },
    "RUB521": {
        "en": {
            "help": "did you mean `{mend}`?",
            "known": "its columns: {known}",
            "none": "leave it out: it has no columns",
        },
        "vi": {
            "help": "có phải ý bạn là `{mend}`?",
            "known": "các cột của nó: {known}",
            "none": "bỏ mục này: nó không có cột nào",
        },
    },
    "RUB522": {
        "en": {
            "help": "count each person once: leave one of the two out",
        },
        "vi": {
            "help": "mỗi người chỉ tính một phiếu: hãy bỏ bớt một phiếu",
        },
    },
    "RUB523": {
        "en": {
            "help": "one document is one piece: leave `{first}` or this one out",
        },
        "vi": {
            "help": "một văn bản là một minh chứng: hãy bỏ `{first}` hoặc bỏ mục này",
        },
    },
    "RUB524": {
        "en": {
            "help": "write the reference, such as `12/QĐ-UBND`, or `-` where there is none",
            "status": "write the reference before the status, such as `12/QĐ-UBND (rejected)`",
            "json": "it begins as JSON and is none: write `{{\"reference\": \"…\", \"status\": \"…\"}}`, or the "
            "reference alone",
            "unclear": "a status stands in it: write `12/QĐ-UBND (rejected)`, or give `reference` and `status` "
            "apart",
        },
        "vi": {
            "help": "ghi số, ký hiệu văn bản, ví dụ `12/QĐ-UBND`; không có thì ghi `-`",
            "status": "ghi số, ký hiệu văn bản trước tình trạng, ví dụ `12/QĐ-UBND (bị từ chối)`",
            "json": "mở đầu như JSON nhưng không đúng dạng: hãy ghi `{{\"reference\": \"…\", \"status\": \"…\"}}`, "
            "hoặc chỉ ghi số, ký hiệu văn bản",
            "unclear": "trong đó có từ chỉ tình trạng: hãy ghi `12/QĐ-UBND (bị từ chối)`, hoặc ghi riêng "
            "`reference` và `status`",
        },
    },
    "RUB525": {
        "en": {
            "help": "what was written may have been another number: give it as text or a Decimal, or read the "
            "JSON with `read_json`",
        },
        "vi": {
            "help": "con số đã ghi có thể khác: hãy đưa vào dạng chữ hoặc Decimal, hoặc đọc JSON bằng "
            "`read_json`",
        },
    },
    "RUB540": {
        "en": {"help": "leave it out until the stage `{stage}`"},
        "vi": {"help": "bỏ ra, đến vòng `{stage}` mới thu thập"},
    },
    "RUB541": {
        "en": {
            "help": "it is a fact of the unit: give it under `inputs`",
            "figure": "the unit does not state it, the cohort or the cycle before does: give it under `references`",
        },
        "vi": {
            "help": "đây là số liệu của đơn vị: ghi trong phần `inputs`",
            "figure": "đơn vị không tự khai, mà lấy từ toàn khối hoặc từ kỳ trước: ghi trong phần `references`",
        },
    },
    "RUB550": {
        "en": {
            "help": "did you mean `{mend}`?",
            "known": "its stages: {known}",
            "none": "it has no stages: give the submission as it is",
        },
        "vi": {
            "help": "có phải ý bạn là `{mend}`?",
            "known": "các vòng: {known}",
            "none": "bộ tiêu chí không chia vòng: ghi thẳng bản số liệu",
        },
    },
    "RUB551": {
        "en": {
            "help": "the rubric has stages ({stages}): write `stages`, under it `{first}`, and put it there",
            "none": "the rubric has no stages: give `inputs`, `judged` and `evidence` without `stages`",
            "both": "what stands beside `stages` belongs to one of them ({stages}): move it there",
        },
        "vi": {
            "help": "bộ tiêu chí chia vòng ({stages}): ghi `stages`, trong đó ghi `{first}`, rồi để mục này vào đấy",
            "none": "bộ tiêu chí không chia vòng: ghi thẳng `inputs`, `judged`, `evidence`, không có `stages`",
            "both": "mục đứng cạnh `stages` phải thuộc một vòng ({stages}): chuyển vào vòng đó",
        },
    },
    "RUB552": {
        "en": {
            "help": "give every finding an `id`, the `node` it was made on, and what was `found`",
            "twice": "two findings have this `id`; give each its own",
        },
        "vi": {
            "help": "mỗi phát hiện cần có `id`, mã mục (`node`) và nội dung phát hiện (`found`)",
            "twice": "hai phát hiện trùng `id`; mỗi phát hiện một số riêng",
        },
    },
}
