"""What a cohort says, in both languages: why there is no figure or no rank, and what is wrong with a table."""

from collections.abc import Mapping
from typing import Final

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    # why there is no figure
    "no unit": (
        "no unit has a value, so there is no figure",
        "không đơn vị nào có giá trị nên không có số liệu chung",
    ),
    "no group": (
        "the unit has no `{within}`, so it belongs to no group",
        "đơn vị không có `{within}` nên không thuộc nhóm nào",
    ),
    "unknown group": (
        "the group of the unit is not known among these figures; give `{within}`, or take the figures again",
        "chưa xác định được nhóm của đơn vị trong bộ số liệu chung này; hãy cho biết `{within}`, "
        "hoặc tính lại",
    ),
    "not applicable": (
        "what is compared does not apply to the unit",
        "nội dung so sánh không áp dụng cho đơn vị",
    ),
    "all equal": (
        "all units have the same value; say in the rubric what holds then, with `if all equal …`",
        "mọi đơn vị bằng nhau; bộ tiêu chí cần nêu trường hợp này bằng `nếu mọi đơn vị bằng nhau thì …`",
    ),
    "too long": (
        "the exact figure has more digits than any score has a use for; round the values it is taken "
        "of, as in `round(done / planned, half-up to 6 places)`",
        "con số chính xác có quá nhiều chữ số; hãy làm tròn giá trị của từng đơn vị trước, "
        "ví dụ đến 6 chữ số thập phân",
    ),
    "waits": (
        "not settled: {pending} of {all} units are pending",
        "chưa chốt được: còn {pending} trong {all} đơn vị chưa đủ số liệu",
    ),
    "in group": ("in `{group}`: ", "nhóm `{group}`: "),
    # units
    "unnamed": (
        "the submission names no unit; every unit of a cohort needs a name of its own",
        "bản số liệu không ghi tên đơn vị; trong một đợt chấm, mỗi đơn vị phải có tên riêng",
    ),
    "twice": (
        "`{unit}` is the name of {count} submissions; none of them is scored, since nobody can tell which one holds",
        "`{unit}` là tên của {count} bản số liệu; không bản nào được chấm vì không biết bản nào đúng",
    ),
    "stated": (
        "the submission states `{name}` as {stated}; the cohort gives {found}, and that is used",
        "bản số liệu ghi `{name}` là {stated}; tính từ các đơn vị ra {found} và lấy theo số tính được",
    ),
    "near groups": (
        "`{one}` and `{other}` are taken for two groups; write the name one way if they are one",
        "`{one}` và `{other}` đang được hiểu là hai nhóm; nếu là một nhóm thì hãy ghi thống nhất",
    ),
    # why a unit is not ranked
    "pending": ("pending: {waits}", "chưa đủ số liệu: {waits}"),
    "no grade": ("the unit gets no grade", "đơn vị không được xếp loại"),
    "not settled": ("the result can still change: {waits}", "kết quả còn có thể thay đổi: {waits}"),
    "not ranked: not applicable": (
        "what is ranked by does not apply to the unit", "nội dung dùng để xếp hạng không áp dụng cho đơn vị",
    ),
    "not ranked: not rated": (
        "not rated, so there is nothing to rank", "không đánh giá nên không xếp hạng",
    ),
    "not ranked: no group": (
        "the unit has no `{within}`, so it belongs to no group", "đơn vị không có `{within}` nên không thuộc nhóm nào",
    ),
    "not ranked: not due": (
        "nothing is ranked at this stage: a later one asks for what counts",
        "chưa xếp hạng ở vòng này: còn nội dung tính điểm thuộc vòng sau",
    ),
    "not scored": ("the submission could not be scored", "bản số liệu không chấm được"),
    # quotas
    "no lower row": (
        "over the quota, and the table has no lower grade",
        "vượt hạn mức mà bảng xếp loại không còn loại nào thấp hơn",
    ),
    "tie at the edge": (
        "tied across the edge of the quota: the authority decides",
        "bằng điểm ngay tại ranh giới hạn mức: cấp có thẩm quyền quyết định",
    ),
    # CSV
    "csv empty": (
        "the file has no header; the first line names the columns",
        "tệp không có dòng tiêu đề; dòng đầu tiên phải ghi tên các cột",
    ),
    "csv encoding": (
        "the file is not UTF-8 or UTF-16 text; save it as *CSV UTF-8*",
        "tệp không phải văn bản UTF-8 hay UTF-16; hãy lưu lại dạng *CSV UTF-8*",
    ),
    "csv quote": (
        "the quotation mark opened here is never closed", "dấu ngoặc kép mở ở đây không được đóng lại",
    ),
    "csv after quote": (
        "text stands after the closing quotation mark; double a mark that belongs to the text",
        "có chữ đứng sau dấu ngoặc kép đóng; dấu ngoặc kép nằm trong nội dung phải viết hai lần",
    ),
    "csv unit": (
        "no column names the unit; call one `unit`", "không có cột tên đơn vị; hãy đặt tên một cột là `đơn vị`",
    ),
    "csv unnamed": ("the row names no unit", "dòng này không ghi tên đơn vị"),
    "csv unit twice": (
        "`{unit}` stands in line {first} already", "`{unit}` đã có ở dòng {first}",
    ),
    "csv blank header": (
        "the column has values and no name; name it, or leave it out with `--ignore ''`",
        "cột có số liệu nhưng không có tên; hãy đặt tên, hoặc bỏ qua bằng `--ignore ''`",
    ),
    "csv unknown": (
        "the rubric has nothing called `{word}`; known are names and labels of inputs, `judged CODE`, "
        "`evidence NAME`, `claims CODE`; `--ignore` leaves a column out",
        "bộ tiêu chí không có mục nào tên là `{word}`; có thể dùng tên hoặc nhãn của dữ liệu, "
        "`điểm nhận xét MÃ`, `minh chứng TÊN`, `tự chấm MÃ`; `--ignore` để bỏ qua một cột",
    ),
    "csv near": (
        "the rubric has nothing called `{word}`; did you mean `{mend}`? `--ignore` leaves a column out",
        "bộ tiêu chí không có mục nào tên là `{word}`; có phải ý bạn là `{mend}`? `--ignore` để bỏ qua một cột",
    ),
    "csv ambiguous": (
        "`{word}` is the label of several: {names}; use the name",
        "`{word}` là nhãn của nhiều mục: {names}; hãy dùng tên",
    ),
    "csv shares": (
        "numbers from 0 to 1 throughout: read as shares, so that 0.85 is 85%; `--percent whole` reads 0.85 as 0.85%",
        "cả cột là số từ 0 đến 1: đọc là tỷ lệ của 1, tức 0,85 là 85%; "
        "`--percent whole` thì đọc 0,85 là 0,85%",
    ),
    "csv twice": (
        "`{word}` stands in column {first} already", "`{word}` đã có ở cột {first}",
    ),
    "csv register": (
        "`{word}` is no list; write the rows as JSON, such as `{example}`, or `[]` where there is none",
        "`{word}` không phải danh sách; hãy ghi các dòng theo JSON, ví dụ `{example}`, "
        "không có dòng nào thì ghi `[]`",
    ),
    "csv too many": (
        "the row has {cells} cells and the header {columns}; put a value with a separator in it in quotation marks",
        "dòng này có {cells} ô mà tiêu đề chỉ có {columns} cột; giá trị chứa dấu phân cách phải đặt trong ngoặc kép",
    ),
}  # fmt: skip


def said(key: str, language: str, **values: object) -> str:
    """A text with its values put in; English where the language has none."""
    english, vietnamese = TEXTS[key]
    return (vietnamese if language == "vi" else english).format_map(values)
