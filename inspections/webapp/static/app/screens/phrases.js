// Ready notes. They stand in the record, so they are Vietnamese in every language of the app.

const FAIL = ["Đã nhắc nhở tại chỗ.", "Thực hiện chưa đầy đủ.", "Chưa thực hiện."];
const NONE_SHOWN = ["Không xuất trình được giấy tờ.", "Giấy tờ đang được làm lại."];
const NOT_APPLICABLE = ["Cơ sở không có nội dung này.", "Không hoạt động vào ngày kiểm tra."];

/**
 * @param {Item} item
 * @param {Answer} answer
 */
export function phrases(item, { value, not_applicable, note = "" }) {
  const named = item.na_when ? [item.na_when.vi] : NOT_APPLICABLE;
  const all = not_applicable ? named : value === null ? NONE_SHOWN : FAIL;
  return all.filter((phrase) => !note.includes(phrase));
}
