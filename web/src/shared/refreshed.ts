// Puts a fresh middle, made by the server, in place of what a page shows; live elements stay.

/** Elements of ours (with a hyphen in their name) keep their state: the server says where they are. */
export function refreshed(main: HTMLElement, fresh: HTMLElement): void {
  const isLive = (node: Node): node is HTMLElement =>
    node instanceof HTMLElement && node.localName.includes("-");
  for (const node of [...main.childNodes]) if (!isLive(node)) node.remove();
  let next = main.firstChild;
  for (const node of [...fresh.childNodes]) {
    if (isLive(node) && isLive(next as Node) && (next as HTMLElement).localName === node.localName) {
      next = next?.nextSibling ?? null;
    } else {
      main.insertBefore(node, next);
    }
  }
}
