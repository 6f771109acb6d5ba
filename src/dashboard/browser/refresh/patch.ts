/**
 * Makes an element like a fresh one by changing only what differs, so that focus, selection, scroll position, open
 * details and typed text stay. Matches children by id, then by kind in order. Never removes what has the focus.
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

/**
 * The shown child that corresponds to the wanted one: the one with its id, or the next similar one without an id.
 */
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

/** Moves a child before `next` if necessary, and returns the new `next`. */
function bringTo(
  shown: Element,
  child: ChildNode,
  next: ChildNode | null,
  claimed: ReadonlySet<Node>,
): ChildNode | null {
  // Leaves skipped siblings where they are: moving the child would make it lose the focus.
  for (let between = next; between !== null && between !== child; between = between.nextSibling) {
    if (claimed.has(between)) break;
    if (between.nextSibling === child) return child.nextSibling;
  }
  if (child !== next) shown.insertBefore(child, next);
  return child.nextSibling;
}

/** A form with another action or a field with another name does not match. */
function isLike(child: Node, wanted: Node): boolean {
  if (child.nodeName !== wanted.nodeName || idOf(child) !== "") return false;
  if (!(child instanceof Element && wanted instanceof Element)) return true;
  return ["action", "name", "type"].every((name) => child.getAttribute(name) === wanted.getAttribute(name));
}

function idOf(node: Node): string {
  return node instanceof Element ? node.id : "";
}

/** Leaves alone what the reader has opened, typed or chosen. */
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
