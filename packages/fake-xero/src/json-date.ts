/** A time as Xero's JSON has it: `/Date(1518685950940+0000)/`. */
export function jsonDate(time: number): string {
  return `/Date(${time}+0000)/`;
}

/** A day as Xero's JSON has it beside the former: `2026-11-23T00:00:00`, without a zone. */
export function unzonedDay(time: number): string {
  return `${new Date(time).toISOString().slice(0, 10)}T00:00:00`;
}
