// What a key means for the list of alarms.
export type AlarmKey = "acknowledge" | "next" | "before";

const EVERYWHERE: Readonly<Record<string, AlarmKey>> = { a: "acknowledge", j: "next", k: "before" };
const IN_THE_LIST: Readonly<Record<string, AlarmKey>> = { ArrowDown: "next", ArrowUp: "before" };
const TYPED_INTO = "input, textarea, select, [contenteditable]";

/** Its meaning; null where a person types, or holds it down, or means something of the browser's. */
export function keyOf(event: KeyboardEvent, list: HTMLElement): AlarmKey | null {
  const target = event.target instanceof Element ? event.target : null;
  if (event.ctrlKey || event.altKey || event.metaKey || target?.closest(TYPED_INTO)) return null;
  const isInList = target !== null && list.contains(target);
  const key = EVERYWHERE[event.key.toLowerCase()] ?? (isInList ? IN_THE_LIST[event.key] : undefined);
  if (key === undefined || (key === "acknowledge" && event.repeat)) return null;
  return key;
}
