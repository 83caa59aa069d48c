// Elements by hand: text never becomes markup.
const svgSpace = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/** An HTML element: h("p", { class: "muted" }, "text", other). */
export const h = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);

/** An SVG element. */
export const s = (name, attributes = {}, ...children) => fill(document.createElementNS(svgSpace, name), attributes, children);

/** A heading of a section, with the section. */
export const section = (id, heading, ...children) =>
  h("section", { id, "aria-labelledby": id + "-heading" }, h("h2", { id: id + "-heading" }, heading), children);

const drawn = new WeakMap();

/**
 * Replaces what a part shows, only if what it is made from has changed; keeps focus and scrolling inside it.
 * @param part the element whose content it is
 * @param made anything that JSON can tell apart
 * @param build returns the new content
 */
export function show(part, made, build) {
  const signature = JSON.stringify(made);
  if (drawn.get(part) === signature) return;
  drawn.set(part, signature);
  const active = part.contains(document.activeElement) ? document.activeElement.id : "";
  const scrolled = [...part.querySelectorAll(".scroll[id]")].map(box => [box.id, box.scrollTop, box.scrollLeft]);
  part.replaceChildren(...[build()].flat(Infinity).filter(child => child));
  for (const [id, top, left] of scrolled) {
    const box = document.getElementById(id);
    if (box) [box.scrollTop, box.scrollLeft] = [top, left];
  }
  if (active) document.getElementById(active)?.focus({ preventScroll: true });
}

/** A table that scrolls where the window is narrow, with the keyboard too. */
export function table(id, caption, head, rows) {
  return h("div", { class: "scroll", id, tabindex: "0", role: "group", "aria-label": caption },
    h("table", {}, h("caption", {}, caption), h("thead", {}, h("tr", {}, head.map(cell => cell instanceof Node ? cell
      : h("th", { scope: "col" }, cell)))), h("tbody", {}, rows)));
}

export const cell = (value, kind = "number") => h("td", { class: kind }, value);
