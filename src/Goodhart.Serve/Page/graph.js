// The study as a graph: kinds of steps with their states, each run's steps, and one step by itself.
import { h, s, section, show, table, cell } from "./dom.js";
import { bytes, duration, states } from "./format.js";
import { filtered, nameOf, runsOf } from "./runs.js";
import { to } from "./route.js";
import { ask, study } from "./study.js";
import { addressOf } from "./overview.js";
import { badge } from "./runview.js";

const order = ["done", "running", "waiting", "skipped", "lost", "failed"];
const [boxWidth, boxHeight, gapX, gapY] = [200, 46, 34, 14];

/** Kinds of steps, each with what it reads and in which column it stands. */
function kinds() {
  const found = new Map();
  for (const step of study.steps.values()) {
    if (!found.has(step.name)) found.set(step.name, { name: step.name, steps: [], reads: new Set(), column: 0 });
    found.get(step.name).steps.push(step);
  }
  for (const kind of found.values()) {
    for (const step of kind.steps) for (const id of step.inputs) {
      const input = study.steps.get(id);
      if (input && input.name !== kind.name) kind.reads.add(input.name);
    }
  }
  const list = [...found.values()];
  // Longest paths, a round for each kind: two kinds that read each other do not push each other on for ever.
  for (let round = 0; round < list.length; round++) {
    for (const kind of list) for (const name of kind.reads) kind.column = Math.min(list.length - 1, Math.max(kind.column, found.get(name).column + 1));
  }
  const columns = [...new Set(list.map(kind => kind.column))].sort((a, b) => a - b);
  for (const kind of list) kind.column = columns.indexOf(kind.column);
  return list;
}

const count = (steps, state) => steps.filter(step => step.state === state).length;

const told = steps => order.filter(state => count(steps, state)).map(state => count(steps, state) + " " + states[state].text).join(", ");

function picture(list) {
  const columns = [];
  for (const kind of list) (columns[kind.column] ??= []).push(kind);
  const high = Math.max(...columns.map(column => column.length)) * (boxHeight + gapY);
  const wide = columns.length * (boxWidth + gapX) - gapX;
  columns.forEach(column => column.forEach((kind, i) => {
    kind.x = kind.column * (boxWidth + gapX);
    kind.y = (high - column.length * (boxHeight + gapY)) / 2 + i * (boxHeight + gapY) + gapY / 2;
  }));
  const at = new Map(list.map(kind => [kind.name, kind]));
  const edges = list.flatMap(kind => [...kind.reads].map(name => [at.get(name), kind])).filter(([from, into]) => from.column < into.column);
  return h("div", { class: "scroll", id: "kinds-scroll", tabindex: "0", role: "group", "aria-label": "Kinds of steps, drawing" },
    s("svg", { viewBox: `-2 0 ${wide + 4} ${high}`, width: wide + 4, height: high, class: "graph" },
      s("title", {}, "Kinds of steps from data on the left to results on the right"),
      s("g", { class: "edges" }, edges.map(([from, into]) => {
        const [x1, y1, x2, y2] = [from.x + boxWidth, from.y + boxHeight / 2, into.x, into.y + boxHeight / 2];
        const bend = Math.max(16, (x2 - x1) / 2);
        return s("path", { d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` });
      })),
      list.map(box)));
}

function box(kind) {
  let x = kind.x + 8;
  const parts = order.map(state => {
    const width = (boxWidth - 16) * count(kind.steps, state) / kind.steps.length;
    const part = s("rect", { x: x.toFixed(1), y: kind.y + boxHeight - 13, width: width.toFixed(1), height: 6, class: "part " + state });
    x += width;
    return part;
  });
  return s("a", { href: to("graph", { kind: kind.name }), id: "kind-" + kind.name },
    s("title", {}, told(kind.steps)),
    s("rect", { x: kind.x, y: kind.y, width: boxWidth, height: boxHeight, rx: 6, class: "box" + (count(kind.steps, "running") ? " busy" : "") }),
    s("text", { x: kind.x + 8, y: kind.y + 17 }, kind.name),
    " ", s("text", { x: kind.x + boxWidth - 8, y: kind.y + 17, "text-anchor": "end", class: "count" }, count(kind.steps, "done") + "/" + kind.steps.length),
    parts);
}

export function graphView(parts, values) {
  const summary = [...study.steps.values()].map(step => [step.name, step.state]);
  show(parts("kinds"), summary, () => section("kinds", "Kinds of steps",
    h("ul", { class: "legend" }, order.map(state => h("li", {}, badge(state)))), picture(kinds())));
  if (values.kind) {
    kindTable(parts("kind"), values.kind);
    return;
  }
  const runs = filtered(values);
  show(parts("lanes"), runs.map(run => [run.key, run.steps.map(step => step.state)]), () => section("lanes", "Runs, step by step",
    h("p", { class: "muted small" }, "A square for each step that is a run’s alone, in the order of the study."),
    h("div", { class: "scroll", id: "lanes-scroll", tabindex: "0", role: "group", "aria-label": "Steps of each run" },
      h("table", { class: "lanes" }, h("caption", {}, runs.length + " runs"), h("tbody", {}, runs.map(lane))))));
}

const lane = run => h("tr", {}, h("th", { scope: "row" }, h("a", { href: addressOf(run) }, nameOf(run))),
  h("td", { class: "phrase" }, count(run.steps, "done") + " of " + run.steps.length),
  h("td", {}, h("span", { class: "squares", role: "img", "aria-label": told(run.steps) },
    run.steps.map(step => h("span", { class: "square " + step.state, title: step.label + ": " + states[step.state].text }, states[step.state].glyph)))));

function kindTable(part, name) {
  const found = [...study.steps.values()].filter(step => step.name === name);
  show(part, [name, found], () => section("kind", name, h("p", {}, h("a", { href: to("graph", { kind: "" }) }, "All runs, step by step")),
    table("kind-table", found.length + " steps", ["Step", "State", "Time"], found.map(step => h("tr", {},
      h("th", { scope: "row" }, h("a", { href: to("step", { key: step.key }) }, step.label)), cell(badge(step.state), "phrase"), cell(duration(step.seconds)))))));
}

const link = step => h("li", {}, h("a", { href: to("step", { key: step.key }) }, step.label), " ", badge(step.state));

const list = (heading, steps) => steps.length === 0 ? null : [h("h3", {}, heading + " (" + steps.length + ")"), h("ul", { class: "links" }, steps.map(link))];

export function stepView(parts, values) {
  const step = [...study.steps.values()].find(each => each.key === values.key);
  if (!step) {
    show(parts("missing"), ["missing", values.key], () => h("p", {}, "There is no such step in this study. ", h("a", { href: to("graph", { key: "" }) }, "The graph")));
    return;
  }
  const [inputs, readers] = [step.inputs.map(id => study.steps.get(id)).filter(each => each),
    [...study.steps.values()].filter(each => each.inputs.includes(step.id))];
  const owner = runsOf().owners.get(step.id);
  const run = owner ? runsOf().runs.find(each => each.key === owner) : null;
  show(parts("step"), [step, inputs, readers], () => section("step", step.label,
    h("p", {}, badge(step.state), run ? [" of run ", h("a", { href: addressOf(run) }, nameOf(run))] : ""),
    step.error ? h("pre", { class: "error", tabindex: "0" }, step.error) : null));
  const details = parts("details");
  ask("/api/step?step=" + step.key).then(answer => show(details, [answer, step.seconds], () => answer === null ? null : [
    h("dl", { class: "facts" }, facts(step, answer).filter(([, value]) => value !== null && value !== undefined && value !== "")
      .flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    answer.logs.map(logOf)]));
  show(parts("around"), [inputs, readers], () => [list("Reads", inputs), list("Is read by", readers)]);
}

const facts = (step, answer) => [
  ["Kind", step.name], ["Folder", "steps/" + answer.folder], ["Started", answer.started ? new Date(answer.started).toLocaleString() : null],
  ["Took", step.seconds === undefined ? null : duration(step.seconds)], ["Threads", answer.threads], ["On", answer.machine],
  ["Size", answer.bytes === undefined ? null : bytes(answer.bytes)], ["Files", answer.files.join(", ")],
];

export const logOf = log => h("section", { class: "log", "aria-label": "Log " + log.name }, h("h3", {}, "The end of " + log.name),
  h("pre", { class: "scroll", id: "log-" + log.name.replaceAll(/[^a-z0-9]/gi, "-"), tabindex: "0" }, log.tail || "(empty)"));

