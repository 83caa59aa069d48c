// The table of runs, and one run by itself.
import { alarmSection, alarms } from "./alarm.js";
import { h, section, show, table, cell } from "./dom.js";
import { legend, panel, spark } from "./chart.js";
import { brief, checkpoint, duration, number, states, withError } from "./format.js";
import { inkOfLoss } from "./inks.js";
import { filtered, nameOf, runsOf } from "./runs.js";
import { choose, to } from "./route.js";
import { ask } from "./study.js";
import { addressOf } from "./overview.js";

export const badge = state => h("span", { class: "state " + state }, h("span", { "aria-hidden": "true" }, states[state].glyph + " "), states[state].text);

const last = run => run.shown[run.shown.length - 1] ?? {};

const columns = [
  { name: "loss", title: "Loss", of: run => run.loss },
  { name: "beta", title: "β", of: run => run.beta ?? -1 },
  { name: "size", title: "Size", of: run => run.model },
  { name: "seed", title: "Seed", of: run => run.seed },
  { name: "state", title: "State", of: run => run.state },
  { name: "checkpoints", title: "Checkpoints", of: run => run.points.length / run.checkpoints.length },
  { name: "lossValue", title: "Held-out loss", of: run => last(run).lossValue },
  { name: "margin", title: "Margin", of: run => last(run).margin },
  { name: "sqrtKl", title: "√KL", of: run => last(run).sqrtKl },
  { name: "kl", title: "KL", of: run => last(run).kl },
  { name: "winRate", title: "Win rate", of: run => last(run).winRate },
  { name: "length", title: "Length", of: run => last(run).length },
];

const words = new Set(["loss", "size", "state"]);

export function runsView(parts, values) {
  const sort = columns.find(column => column.name === values.by?.replace("-", "")) ?? null;
  const sign = values.by?.startsWith("-") ? -1 : 1;
  const runs = filtered(values);
  if (sort) runs.sort((a, b) => sign * compare(sort.of(a), sort.of(b)));
  show(parts("runs"), [values.by, runs.map(run => [run.key, run.state, run.checkpoints.length, run.shown])], () => section("all-runs", "Runs",
    h("p", { class: "muted small" }, "Numbers are those of a run’s last checkpoint so far, among those that are chosen above; ± one standard error over prompts."),
    table("runs-table", runs.length + " of " + runsOf().runs.length + " runs", columns.map(column => head(column, values.by)), runs.map(row))));
}

function compare(a, b) {
  if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
  return typeof a === "string" ? a.localeCompare(b) : a - b;
}

function head(column, by) {
  const now = by === column.name ? "ascending" : by === "-" + column.name ? "descending" : null;
  const next = now === "ascending" ? "-" + column.name : now === "descending" ? "" : column.name;
  return h("th", { scope: "col", "aria-sort": now, class: words.has(column.name) ? null : "number" },
    h("button", { type: "button", class: "sort", id: "sort-" + column.name, onclick: () => choose({ by: next }) }, column.title,
      h("span", { "aria-hidden": "true" }, now === "ascending" ? " ↑" : now === "descending" ? " ↓" : "")));
}

function row(run) {
  const point = last(run);
  const name = addressOf({ ...run, loss: run.loss });
  return h("tr", {},
    h("th", { scope: "row" }, h("a", { href: name, "aria-label": "Run " + nameOf(run) }, run.loss)),
    cell(run.beta ?? "–"), cell(run.model, "phrase"), cell(run.seed), cell(badge(run.state), "phrase"),
    cell(run.points.length + " of " + run.checkpoints.length),
    cell(brief(point.lossValue)), cell(brief(point.margin)), cell(number(point.sqrtKl)), cell(withError(point.kl, point.klSe)),
    cell([spark(run.shown.map(each => each.winRate), inkOfLoss(run.loss)), " ", withError(point.winRate, point.winRateSe, 3)], "number phrase"),
    cell(withError(point.length, point.lengthSe, 1)));
}

const curves = new Map();

/** Training curves of a run's parts: whole ones are asked for once. */
async function fetchCurves(parts) {
  const found = await Promise.all(parts.map(async part => {
    const stored = curves.get(part.key);
    if (stored?.isWhole) return stored;
    const answer = await ask("/api/curve?step=" + part.key);
    if (answer) curves.set(part.key, answer);
    return answer;
  }));
  return found.filter(answer => answer);
}

const onPairs = [["loss", "Training loss"], ["rewards/margins", "Margin β·Δ of the batch"], ["rewards/accuracies", "Accuracy of the batch"]];

const onSamples = [["objective/kl", "KL of the samples"], ["objective/scores", "Reward model’s score"], ["objective/rlhf_reward", "Score less the KL’s price"],
  ["objective/gold", "Gold reward"], ["objective/kl_coef", "KL coefficient β"], ["policy/entropy_avg", "Entropy of a token"], ["loss/value_avg", "Loss of the value model"]];

export function runView(parts, values) {
  const run = runsOf().runs.find(each => each.model === values.model && each.loss === values.of && String(each.beta ?? "") === (values.b ?? "")
    && String(each.seed) === values.s);
  if (!run) {
    show(parts("missing"), ["missing", values], () => h("p", {}, "There is no such run in this study. ", h("a", { href: to("runs", { by: "" }) }, "All runs")));
    return;
  }
  const training = run.steps.filter(step => step.name.endsWith("-segment"));
  const point = run.points[run.points.length - 1];
  show(parts("facts"), [run.key, run.state, point], () => section("run", nameOf(run), h("p", {}, badge(run.state), " ",
    point ? `at checkpoint ${checkpoint(point.fraction)}: win rate ${withError(point.winRate, point.winRateSe, 3)}, √KL ${number(point.sqrtKl)}` : "no checkpoint yet")));
  const drawing = parts("training");
  fetchCurves(training.filter(step => step.state === "done" || step.state === "running")).then(found => show(drawing, found, () => trainingSection(found)));
  const alarmed = parts("alarm");
  alarms().then(all => show(alarmed, [run.key, run.points.length, all], () => alarmSection(all, run)));
  show(parts("checkpoints"), run.checkpoints, () => checkpointTable(run));
  show(parts("steps"), run.steps, () => section("run-steps", "Steps", table("run-steps-table", run.steps.length + " steps are this run’s alone",
    ["Step", "State", "Time"], run.steps.map(step => h("tr", {}, h("th", { scope: "row" }, h("a", { href: to("step", { key: step.key }) }, step.label)),
      cell(badge(step.state), "phrase"), cell(duration(step.seconds)))))));
}

function trainingSection(found) {
  if (found.length === 0) return null;
  const rows = name => found.flatMap(answer => answer.updates.map((update, i) => ({ x: update, y: answer.values[name]?.[i] ?? NaN })))
    .filter(each => Number.isFinite(each.y)).sort((a, b) => a.x - b.x);
  const told = [...onPairs, ...onSamples].map(([name, title]) => ({ title, points: rows(name) })).filter(each => each.points.length);
  const unit = found.some(answer => "objective/kl" in answer.values) ? "collection" : "update";
  return section("training", "Training",
    told.length ? null : h("p", { class: "muted" }, "Nothing is told yet."),
    h("div", { class: "panels" }, told.map(({ title, points }, i) => panel({
      id: "training-" + i, title, width: 380, height: 220, xLabel: unit, label: title + " by " + unit,
    }, [{ ink: "ink-s0", line: true, points }]))),
    legend([{ ink: "ink-s0", line: true, text: "mean over a few " + unit + "s" }]));
}

function checkpointTable(run) {
  return section("checkpoints", "Checkpoints", table("checkpoints-table", "Checkpoints of " + nameOf(run),
    ["Checkpoint", "State", "Held-out loss", "Margin", "√KL", "KL", "Win rate", "Gold reward", "Length", "Samples"],
    run.checkpoints.map(each => {
      const point = each.point ?? {};
      return h("tr", {}, h("th", { scope: "row" }, h("a", { href: to("step", { key: each.key }) }, each.bestOf ? "best of " + each.bestOf : checkpoint(each.fraction))),
        cell(badge(each.state), "phrase"), cell(brief(point.lossValue)), cell(brief(point.margin)), cell(number(point.sqrtKl)),
        cell(withError(point.kl, point.klSe)), cell(withError(point.winRate, point.winRateSe, 3)), cell(withError(point.goldReward, point.goldRewardSe)),
        cell(withError(point.length, point.lengthSe, 1)),
        cell(each.point ? h("a", { href: to("samples", { a: each.key }), "aria-label": "read samples at " + checkpoint(each.fraction) }, "read") : ""));
    })));
}

