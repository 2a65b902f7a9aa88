/** Whether a key is of the record, which is swept, and so has no lifetime of its own. */
export function isRecordKey(key: string): boolean {
  return /\}:r(?::|-of:|-times$|-open$)/.test(key) || key.includes(':{record}:');
}
