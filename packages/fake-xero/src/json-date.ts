/** A time in Xero's JSON: `/Date(1518685950940+0000)/`. */
export function jsonDate(time: number): string {
  return `/Date(${time}+0000)/`;
}

/** A day in the other form that Xero's JSON has, without a zone: `2026-11-23T00:00:00`. */
export function unzonedDay(time: number): string {
  return `${new Date(time).toISOString().slice(0, 10)}T00:00:00`;
}
