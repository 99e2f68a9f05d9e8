// Elements. Whatever comes from the history is set as text: there is no other way here.

type Attributes = Record<string, string | number | boolean | undefined>;

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, '');
    else if (value !== undefined && value !== false) made.setAttribute(key, String(value));
  }
  made.append(...children);
  return made;
}

/** A sentence with its `code` as such. */
export function sentence(text: string): (Node | string)[] {
  return text.split('`').map((it, n) => (n % 2 ? element('code', {}, it) : it));
}

/** Puts children in the place of those that are there. */
export function fill(parent: Element, ...children: (Node | string)[]): void {
  parent.replaceChildren(...children);
}
