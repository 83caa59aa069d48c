// Samples side by side: the prompt, the data's response, the SFT model's, and those of any two checkpoints.
import { h, section, show } from "./dom.js";
import { checkpoint, number, percent } from "./format.js";
import { filtered, nameOf, references, runsOf } from "./runs.js";
import { choose } from "./route.js";
import { ask, study } from "./study.js";

const answers = new Map();
let prompts = null;
let asking = false;
let turn = 0;

async function sampleOf(key, prompt) {
  const name = key + "|" + prompt;
  if (!answers.has(name)) {
    if (answers.size > 200) answers.clear();
    const answer = await ask(`/api/samples?step=${key}&prompt=${prompt}`);
    if (answer === null) return null;
    answers.set(name, answer);
  }
  return answers.get(name);
}

/** Prompts are written when a run starts, maybe after the page was opened: asked for until they are there. */
function needPrompts(again) {
  if (prompts?.length || asking) return;
  asking = true;
  ask("/api/prompts").then(found => {
    [prompts, asking] = [found, false];
    if (found?.length) again();
  });
}

const told = runs => runs.flatMap(run => run.shown.map(point => ({ run, point, key: study.steps.get(point.id).key })));

const nameOfPoint = each => each.point.bestOf ? "best of " + each.point.bestOf : checkpoint(each.point.fraction);

export function samplesView(parts, values, again) {
  needPrompts(again);
  const listed = told(filtered(values));
  const all = told(runsOf().runs.map(run => ({ ...run, shown: run.points })));
  const peak = listed.filter(each => each.point.winRate !== undefined).sort((a, b) => b.point.winRate - a.point.winRate)[0] ?? listed[0];
  const far = [...listed].sort((a, b) => b.point.sqrtKl - a.point.sqrtKl)[0];
  const a = all.find(each => each.key === values.a) ?? peak;
  const b = all.find(each => each.key === values.b) ?? far;
  const prompt = Math.min(Math.max(0, Number(values.prompt) || 0), Math.max(0, (prompts?.length ?? 1) - 1));
  const sample = Math.max(0, Number(values.sample) || 0);
  show(parts("controls"), [prompts, listed.map(each => each.key), a?.key, b?.key, prompt, sample], () => controls(listed, a, b, prompt, sample));
  const body = parts("samples");
  if (!prompts?.length || !a) {
    show(body, ["none", prompts?.length, !a], () => h("p", { class: "muted" }, !a ? "No checkpoint is evaluated yet among those that are chosen above."
      : "The prompts are not known: this folder was made by an earlier version. The report has a few samples."));
    return;
  }
  const start = told(references({}).map(run => ({ ...run, shown: run.points }))).find(each => each.run.model === a.run.model && each.run.seed === a.run.seed);
  const columns = [...(start ? [{ heading: "SFT " + start.run.model, ...start }] : []),
    { heading: "A: " + nameOf(a.run) + ", " + nameOfPoint(a), ...a }, ...(b ? [{ heading: "B: " + nameOf(b.run) + ", " + nameOfPoint(b), ...b }] : [])];
  const mine = ++turn;   // an answer that comes late is none to a later question
  Promise.all(columns.map(column => sampleOf(column.key, prompt))).then(found => mine === turn && show(body, [prompt, sample, found], () => page(columns, found, sample)));
}

function controls(listed, a, b, prompt, sample) {
  const last = (prompts?.length ?? 1) - 1;
  return h("div", { class: "controls" },
    h("div", { class: "control wide" }, h("label", { for: "prompt" }, "Prompt"),
      h("select", { id: "prompt", onchange: event => choose({ prompt: event.target.value }) },
        (prompts ?? []).map(each => h("option", { value: each.place, selected: each.place === prompt }, (each.place + 1) + ": " + each.opening))),
      h("button", { type: "button", id: "previous", disabled: prompt <= 0, onclick: () => choose({ prompt: prompt - 1 }) }, "Previous"),
      h("button", { type: "button", id: "next", disabled: prompt >= last, onclick: () => choose({ prompt: prompt + 1 }) }, "Next")),
    chooser("a", "Checkpoint A", listed, a), chooser("b", "Checkpoint B", listed, b),
    h("div", { class: "control" }, h("label", { for: "sample" }, "Sample"),
      h("input", { id: "sample", type: "number", min: 1, max: 99, value: sample + 1, onchange: event => choose({ sample: event.target.value - 1 || "" }) })));
}

function chooser(name, title, listed, chosen) {
  const runs = [...new Set([...listed, ...(chosen ? [chosen] : [])].map(each => each.run.key))];
  const all = chosen && !listed.some(each => each.key === chosen.key) ? [...listed, chosen] : listed;
  return h("div", { class: "control" }, h("label", { for: name }, title),
    h("select", { id: name, onchange: event => choose({ [name]: event.target.value }) }, runs.map(key => {
      const own = all.filter(each => each.run.key === key);
      return h("optgroup", { label: nameOf(own[0].run) }, own.map(each => h("option", { value: each.key, selected: each.key === chosen?.key },
        nameOf(own[0].run) + ", " + nameOfPoint(each) + (each.point.winRate === undefined ? "" : ": wins " + percent(each.point.winRate)))));
    })));
}

function page(columns, found, sample) {
  const first = found.find(answer => answer !== null);
  if (!first) return h("p", { class: "muted" }, "There are no samples of this prompt.");
  return section("reading", "Prompt " + (first.place + 1),
    h("div", { class: "post" }, h("h3", {}, "Prompt"), h("p", { class: "text" }, first.prompt)),
    h("div", { class: "samples" },
      h("article", { class: "sample" }, h("h3", {}, "The data’s response"), gold(first.referenceGold), h("p", { class: "text" }, first.reference)),
      columns.map((column, i) => card(column, found[i]?.samples, sample))));
}

const gold = value => value === undefined ? null : h("p", { class: "muted small" }, "gold reward " + number(value));

function card(column, samples, sample) {
  const row = samples?.[Math.min(sample, (samples?.length ?? 1) - 1)];
  if (!row) return h("article", { class: "sample" }, h("h3", {}, column.heading), h("p", { class: "muted" }, "These samples are not kept."));
  const facts = [
    row.kl === undefined ? null : "KL " + number(row.kl), row.logRatio === undefined ? null : "log-ratio " + number(row.logRatio),
    row.length === undefined ? null : row.length + " tokens" + (row.finished ? "" : ", cut off"), row.gold === undefined ? null : "gold reward " + number(row.gold),
    samples.length > 1 ? `sample ${Math.min(sample, samples.length - 1) + 1} of ${samples.length}` : null,
  ];
  return h("article", { class: "sample" }, h("h3", {}, column.heading), h("p", { class: "small" }, verdict(row.score), " ",
    h("span", { class: "muted" }, facts.filter(fact => fact).join(" · "))), h("p", { class: "text" }, row.text || "(empty)"));
}

function verdict(score) {
  if (score === undefined) return h("span", { class: "verdict none" }, "no verdict");
  if (score === 0.5) return h("span", { class: "verdict tie" }, "= tie with the data’s");
  return score > 0.5 ? h("span", { class: "verdict won" }, "✓ beats the data’s") : h("span", { class: "verdict beaten" }, "✗ loses to the data’s");
}
