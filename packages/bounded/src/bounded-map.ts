/**
 * Sets an entry of a map with at most `maxEntries`: if it is full, the entry that was set the longest ago is dropped.
 */
export function setBounded<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, maxEntries: number): void {
  map.delete(key);
  if (map.size >= maxEntries) map.delete(map.keys().next().value!);
  map.set(key, value);
}
