// Puts what the server made anew in the place of the old, if it is another. Whoever reads there
// stays where he is: what had the keyboard has it again, what was unfolded stays so.

/** `fresh` is of a page that was just parsed; its children go into `part`. */
export function putInPlace(part: HTMLElement, fresh: HTMLElement): void {
  const unfolded = [...part.querySelectorAll("details[open]")].map((one) => one.id);
  for (const id of unfolded) fresh.querySelector(`details[id="${CSS.escape(id)}"]`)?.setAttribute("open", "");
  if (fresh.innerHTML === part.innerHTML) return;
  const held = part.contains(document.activeElement) ? document.activeElement : null;
  const again = held === null ? null : sameIn(fresh, held);
  part.replaceChildren(...fresh.childNodes);
  again?.focus({ preventScroll: true });
}

function sameIn(fresh: HTMLElement, held: Element): HTMLElement | null {
  const path = held.getAttribute("href");
  if (path !== null) return fresh.querySelector(`a[href="${CSS.escape(path)}"]`);
  const id = held.id || held.closest("details")?.id || held.querySelector("[id]")?.id;
  const same = id ? fresh.querySelector<HTMLElement>(`[id="${CSS.escape(id)}"]`) : null;
  if (held.tagName === "SUMMARY") return same?.querySelector("summary") ?? null;
  return held.id ? same : (same?.closest<HTMLElement>("[tabindex]") ?? null);
}
