/**
 * Makes an element like a fresh one, touching only what differs: so focus, selection, scroll, open details and what
 * somebody typed stay. Children are matched by id, then by their kind in order. What holds the focus is not taken away.
 */
export function patch(shown: Element, fresh: Element): void {
  patchAttributes(shown, fresh);
  let next = shown.firstChild;
  const claimed = new Set<Node>();
  for (const wanted of [...fresh.childNodes]) {
    const match = matchOf(shown, wanted, next, claimed);
    if (match === undefined) {
      const added = document.importNode(wanted, true);
      shown.insertBefore(added, next);
      claimed.add(added);
      continue;
    }
    claimed.add(match);
    next = bringTo(shown, match, next, claimed);
    if (match instanceof Element && wanted instanceof Element) patch(match, wanted);
    else if (match.nodeValue !== wanted.nodeValue) match.nodeValue = wanted.nodeValue;
  }
  for (const left of [...shown.childNodes]) {
    if (!claimed.has(left) && !left.contains(document.activeElement)) left.remove();
  }
}

/** The child that the wanted one continues: the one with its id, or the next one like it that has none. */
function matchOf(
  shown: Element,
  wanted: Node,
  from: ChildNode | null,
  claimed: ReadonlySet<Node>,
): ChildNode | undefined {
  const id = idOf(wanted);
  if (id !== "")
    return [...shown.children].find((child) => child.id === id && child.nodeName === wanted.nodeName);
  for (let child = from; child !== null; child = child.nextSibling) {
    if (!claimed.has(child) && isLike(child, wanted)) return child;
  }
  return undefined;
}

/** Moves a child before `next` unless it is there, and says what is next now. */
function bringTo(
  shown: Element,
  child: ChildNode,
  next: ChildNode | null,
  claimed: ReadonlySet<Node>,
): ChildNode | null {
  // What was skipped on the way to it is left behind: moving that would cost the child its focus.
  for (let between = next; between !== null && between !== child; between = between.nextSibling) {
    if (claimed.has(between)) break;
    if (between.nextSibling === child) return child.nextSibling;
  }
  if (child !== next) shown.insertBefore(child, next);
  return child.nextSibling;
}

/** A form that does something else, or a field of another name, is another one. */
function isLike(child: Node, wanted: Node): boolean {
  if (child.nodeName !== wanted.nodeName || idOf(child) !== "") return false;
  if (!(child instanceof Element && wanted instanceof Element)) return true;
  return ["action", "name", "type"].every((name) => child.getAttribute(name) === wanted.getAttribute(name));
}

function idOf(node: Node): string {
  return node instanceof Element ? node.id : "";
}

/** Whether something is open is the reader's business, and what a field holds its owner's. */
function patchAttributes(shown: Element, fresh: Element): void {
  const isField = shown.matches("input:not([type=hidden]), select, option, textarea");
  const isOwn = (name: string) =>
    name === "open" || (isField && ["value", "checked", "selected"].includes(name));
  for (const { name } of [...shown.attributes]) {
    if (!fresh.hasAttribute(name) && !isOwn(name)) shown.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (shown.getAttribute(name) !== value && !isOwn(name)) shown.setAttribute(name, value);
  }
}
