/** Deep freezing: a config is shared by everything and changed by nobody. */

/** Freezes a value of maps and lists to its depth; the same object is frozen once. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const entry of Object.values(value)) deepFreeze(entry);
  }
  return value;
}
