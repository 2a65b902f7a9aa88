/**
 * Puts something into a memory that holds so many entries at the most: the one that was put there the longest ago goes.
 *
 * @param most how many entries it holds
 */
export function remember<Key, Value>(memory: Map<Key, Value>, key: Key, value: Value, most: number): void {
  memory.delete(key);
  if (memory.size >= most) memory.delete(memory.keys().next().value!);
  memory.set(key, value);
}
