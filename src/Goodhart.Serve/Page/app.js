// Puts the page together: head, filters and the view that the address names.
import { h, show } from "./dom.js";
import { duration, percent } from "./format.js";
import { choices } from "./runs.js";
import { choose, read, to } from "./route.js";
import { connect, onChange, study } from "./study.js";
import { overview } from "./overview.js";
import { runsView, runView } from "./runview.js";
import { graphView, stepView } from "./graph.js";
import { failed, failuresView } from "./failures.js";
import { samplesView } from "./samples.js";

const views = {
  overview: { title: "Overview", draw: overview },
  runs: { title: "Runs", draw: runsView },
  graph: { title: "Graph", draw: graphView },
  samples: { title: "Samples", draw: samplesView },
  failures: { title: "Failures", draw: failuresView },
  run: { parent: "runs", draw: runView },
  step: { parent: "graph", draw: stepView },
};

const main = document.getElementById("main");
const part = id => document.getElementById(id);
let current = "";
let waiting = false;
let pressed = false;

/** The parts of a view by name, made in the order in which they are asked for; what is not asked for any more goes. */
function partsOf() {
  const asked = new Set();
  return {
    of: name => {
      asked.add("part-" + name);
      let found = document.getElementById("part-" + name);
      if (!found) {
        found = h("div", { id: "part-" + name });
        main.append(found);
      }
      return found;
    },
    sweep: () => [...main.children].filter(child => !asked.has(child.id)).forEach(child => child.remove()),
  };
}

function draw() {
  waiting = pressed;
  if (pressed) return;
  if (!study.head) return;
  const here = read();
  const view = views[here.view] ?? views.overview;
  const place = here.view + (here.view === "run" || here.view === "step" ? JSON.stringify(here.values) : "");
  if (place !== current) {
    main.replaceChildren();
    if (current) scrollTo(0, 0);
    current = place;
  }
  head();
  progress();
  navigation(here);
  filters(here);
  const parts = partsOf();
  view.draw(parts.of, here.values, later);
  parts.sweep();
}

/** Changes may come faster than anybody reads; one drawing serves all that came before it. */
function later() {
  if (!waiting) {
    waiting = true;
    requestAnimationFrame(draw);
  }
}

/** What is pressed stays as it is until it is let go: a control that is replaced in between would never hear of it. */
const press = () => { pressed = true; };

function release() {
  if (!pressed) return;
  pressed = false;
  if (waiting) requestAnimationFrame(draw);
}

function head() {
  const title = (study.run.state === "running" ? percent(study.run.worked) + " · " : "") + study.head.name + " – Goodhart";
  if (document.title !== title) document.title = title;
  show(part("name"), study.head.name, () => [document.createTextNode(study.head.name)]);
  show(part("description"), [study.head.description, study.head.folder], () => [document.createTextNode(study.head.description || "folder " + study.head.folder)]);
  show(part("files"), study.head.files, () => study.head.files.length ? [h("p", {}, "Files: ", study.head.files.map((name, i) => [i ? ", " : "",
    h("a", { href: "/files/" + name }, name === "report.html" ? "the report" : name)]))] : []);
}

function connection() {
  const words = { live: "live", connecting: "connecting …", reconnecting: "the server does not answer; trying again …" };
  const box = part("connection");
  box.className = "connection " + study.connection;
  if (box.textContent !== words[study.connection]) box.textContent = words[study.connection];
}

const told = {
  empty: "nothing has run yet", running: "running", waiting: "waiting", done: "done", cancelled: "stopped; the same command goes on",
  failed: "failed; the same command goes on",
};

function progress() {
  const run = study.run;
  const now = Date.now() + study.ahead;
  const elapsed = run.started ? ((run.ended ? Date.parse(run.ended) : now) - Date.parse(run.started)) / 1000 : null;
  const silent = run.lastEvent ? (now - Date.parse(run.lastEvent)) / 1000 : null;
  const running = run.state === "running";
  const facts = [
    ["State", h("strong", { class: "run-state " + run.state }, told[run.state] ?? run.state)],
    ["Steps", run.done + " of " + run.total],
    [running ? "Running for" : "Ran for", duration(elapsed)],
    ["To go", running ? (run.left === undefined ? "not known yet" : "about " + duration(run.left)) : run.state === "done" ? "nothing" : "–"],
    ["Computed", duration(run.computeSeconds)],
    ...(running ? [["Last sign of life", silent < 2 ? "now" : duration(silent) + " ago"]] : []),
  ];
  show(part("progress"), [run.state, run.done, run.total, run.worked.toFixed(3), ...facts.slice(1).map(fact => fact[1])], () => [
    h("progress", { max: 1, value: run.worked, "aria-label": "Expected work done: " + percent(run.worked) }),
    h("dl", { class: "status" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))))]);
}

function navigation(here) {
  const now = views[here.view]?.parent ?? here.view;
  const broken = failed().length;
  show(part("views"), [now, broken, here.values], () => h("ul", {}, Object.entries(views).filter(([, view]) => view.title).map(([name, view]) =>
    h("li", {}, h("a", { href: to(name), id: "view-" + name, "aria-current": name === now ? "page" : null }, view.title,
      name === "failures" && broken ? h("span", { class: "count failed" }, " " + broken) : "")))));
}

const filteredViews = new Set(["overview", "runs", "graph", "samples"]);

function filters(here) {
  const shown = filteredViews.has(views[here.view] ? here.view : "overview") ? choices().filter(group => group.values.length > 1) : [];
  const chosen = Object.fromEntries(shown.map(group => [group.name, here.values[group.name]]));
  show(part("filters"), [shown, chosen], () => shown.length === 0 ? [] : [shown.map(group => h("fieldset", {}, h("legend", {}, group.title),
    group.values.map(value => chip(group, value, here.values[group.name])))),
  Object.values(chosen).some(value => value) ? h("button", { type: "button", id: "all", onclick: () => choose(Object.fromEntries(shown.map(group => [group.name, ""]))) }, "Show all") : null]);
}

function chip(group, value, chosen) {
  const id = "filter-" + group.name + "-" + value;
  const picked = chosen ? chosen.split(",") : [];
  const change = event => choose({ [group.name]: group.values.filter(each => each === value ? event.target.checked : picked.includes(each)).join(",") });
  const text = group.name === "at" ? Math.round(1000 * value) / 10 + " %" : value;
  return h("span", { class: "chip" }, h("input", { type: "checkbox", id, checked: picked.includes(value), onchange: change }), h("label", { for: id }, text));
}

document.getElementById("skip").addEventListener("click", event => {
  event.preventDefault();   // the address after # is the view's
  main.focus();
});
document.getElementById("filters").addEventListener("submit", event => event.preventDefault());
addEventListener("hashchange", later);
addEventListener("pointerdown", event => { if (event.button === 0) press(); }, true);   // a menu takes the end of another button's press
addEventListener("keydown", event => { if (event.key === " ") press(); }, true);
for (const name of ["pointerup", "pointercancel", "keyup", "blur"]) addEventListener(name, release, true);
onChange(() => {
  connection();
  later();
});
setInterval(() => { if (study.run) progress(); }, 1000);
connect();
