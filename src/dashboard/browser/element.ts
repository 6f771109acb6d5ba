import { partsOf } from "../shared/url-parts.ts";
import type { IconName } from "../ui/icon.tsx";

type Attributes = Readonly<Record<string, string | undefined>>;

/** An element with attributes and children. Texts become text nodes, so that no text can become markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string | undefined)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** The same as `Icon` on the server. */
export function iconElement(name: IconName): SVGElement {
  const namespace = "http://www.w3.org/2000/svg";
  const icon = document.createElementNS(namespace, "svg");
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(namespace, "use");
  use.setAttribute("href", `#i-${name}`);
  icon.append(use);
  return icon;
}

/** The same as `Target` on the server. The URL's signature must be masked already. */
export function targetElement(maskedUrl: string): HTMLElement {
  const parts = partsOf(maskedUrl).map(({ kind, text }) =>
    kind === "plain" ? text : element("mark", { class: kind }, text),
  );
  return element("span", { class: "target" }, ...parts);
}
