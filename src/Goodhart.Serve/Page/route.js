// The view and all that is chosen in it stand in the address: #/runs?loss=dpo,ipo&beta=0.1
const order = ["loss", "beta", "size", "at", "seed"];

export function read() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { view: path || "overview", values: Object.fromEntries(new URLSearchParams(query)) };
}

/** The address of a view; filters stay as they are unless they are given. */
export function to(view, values = {}) {
  const kept = Object.fromEntries(Object.entries(read().values).filter(([name]) => order.includes(name)));
  const all = Object.entries({ ...kept, ...values }).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  // Commas and slashes stay readable.
  const query = all.map(([name, value]) => name + "=" + encodeURIComponent(value).replaceAll("%2C", ",")).join("&");
  return "#/" + view + (query ? "?" + query : "");
}

export const go = (view, values) => { location.hash = to(view, values); };

/** The same place with something else chosen, without a step in the history. */
export function choose(values) {
  const here = read();
  history.replaceState(null, "", to(here.view, { ...here.values, ...values }));
  dispatchEvent(new HashChangeEvent("hashchange"));
}
