// What failed, why, what waits for it, and the end of its logs.
import { h, section, show } from "./dom.js";
import { badge } from "./runview.js";
import { logOf } from "./graph.js";
import { to } from "./route.js";
import { ask, study } from "./study.js";

export const failed = () => [...study.steps.values()].filter(step => step.state === "failed" || step.state === "lost");

/** How many steps cannot run before this one has. */
function waiting(step) {
  const readers = new Map();
  for (const each of study.steps.values()) for (const id of each.inputs) readers.set(id, [...(readers.get(id) ?? []), each]);
  const seen = new Set();
  const open = [step.id];
  while (open.length) for (const each of readers.get(open.pop()) ?? []) {
    if (!seen.has(each.id) && each.state !== "done") {
      seen.add(each.id);
      open.push(each.id);
    }
  }
  return seen.size;
}

export function failuresView(parts) {
  const found = failed();
  show(parts("none"), found.length, () => found.length ? null : section("failures", "Failures", h("p", {}, "Nothing has failed.")));
  for (const step of found) {
    const part = parts("failure-" + step.key);
    ask("/api/step?step=" + step.key).then(answer => show(part, [step, answer], () => section("of-" + step.key, step.label,
      h("p", {}, badge(step.state), ` ${waiting(step)} other steps wait for it. `, h("a", { href: to("step", { key: step.key }) }, "The step")),
      step.error ? h("pre", { class: "error", tabindex: "0" }, step.error) : null,
      (answer?.logs ?? []).map(logOf))));
  }
}
