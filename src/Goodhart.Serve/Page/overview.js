// The first view: what runs now, figure 1, and how the runs have developed.
import { h, section, show, table, cell } from "./dom.js";
import { legend, panel } from "./chart.js";
import { brief, checkpoint, number, percent, withError } from "./format.js";
import { inkOfSize, inksOf, losses, shapeOfSize } from "./inks.js";
import { filtered, nameOf, references } from "./runs.js";
import { to } from "./route.js";
import { study } from "./study.js";

const quantities = [
  { name: "lossValue", title: "Loss on held-out pairs" },
  { name: "margin", title: "Margin β·Δ on held-out pairs" },
  { name: "kl", error: "klSe", title: "KL to the reference, nats per response", floor: 0 },
  { name: "winRate", error: "winRateSe", title: "Win rate against the data’s responses" },
  { name: "length", error: "lengthSe", title: "Length, tokens" },
];

/** One collapsed run may not squeeze the rest: what lies further out is told, not drawn, as in the report. */
const furthest = 6;

export const describe = point => `${nameOf(point)}, checkpoint ${checkpoint(point.fraction)}: win rate ${withError(point.winRate, point.winRateSe, 3)}, `
  + `√KL ${number(point.sqrtKl)}, length ${withError(point.length, point.lengthSe, 1)}`;

const runAddress = point => to("run", { model: point.model, of: point.loss, b: point.beta ?? "", s: point.seed });

export const addressOf = runAddress;

export function overview(parts, values) {
  const runs = filtered(values);
  running(parts("running"));
  const sft = references(values).flatMap(run => run.points);
  figure(parts("figure1"), runs, sft);
  dynamics(parts("dynamics"), runs);
}

function running(part) {
  const now = [...study.steps.values()].filter(step => step.state === "running");
  const sampled = now.some(step => step.metrics?.["objective/kl"] !== undefined);   // PPO has no pairs
  show(part, [now, study.run?.state], () => now.length === 0 ? null : section("now", "Running now", table(
    "now-table", now.length + (now.length === 1 ? " step" : " steps"), ["Step", "Progress", "At", "Tokens/s", "Loss", "Margin",
      ...(sampled ? ["Score", "KL"] : [])],
    now.map(step => h("tr", {},
      h("th", { scope: "row" }, h("a", { href: to("step", { key: step.key }) }, step.label)),
      cell([bar(step.fraction), " ", percent(step.fraction ?? 0)], "phrase"), cell(step.text ?? "", "phrase"),
      cell(step.metrics?.tokens_per_second ? Math.round(step.metrics.tokens_per_second).toLocaleString("en") : "–"),
      cell(brief(step.metrics?.loss)), cell(brief(step.metrics?.["rewards/margins"])),
      sampled ? [cell(brief(step.metrics?.["objective/scores"])), cell(brief(step.metrics?.["objective/kl"]))] : null)))));
}

export const bar = share => {
  const meter = h("meter", { min: 0, max: 1, value: share ?? 0, "aria-label": "done" });
  return meter;
};

function figure(part, runs, sft) {
  const shown = losses().filter(loss => runs.some(run => run.loss === loss));
  const judged = runs.flatMap(run => run.shown).filter(point => point.winRate !== undefined);
  const near = judged.filter(point => point.sqrtKl <= furthest);
  const points = near.length ? near : judged;
  const laws = study.laws.filter(law => runs.some(run => run.loss === law.loss && run.model === law.model));
  show(part, [shown, judged, laws, sft], () => {
    const sizes = [...new Set(runs.map(run => run.model))];
    const everything = [...points, ...sft.filter(point => point.winRate !== undefined)];
    const low = Math.min(1, ...everything.map(point => point.winRate - (point.winRateSe ?? 0)));
    const high = Math.max(0, ...everything.map(point => point.winRate + (point.winRateSe ?? 0)));
    const yRange = everything.length ? [Math.max(0, low - 0.03), Math.min(1, high + 0.03)] : [0, 1];
    return section("figure", "Figure 1. Win rate against √KL",
      study.head?.judge || points.length ? null : h("p", { class: "muted" }, "No judge decides wins in this study."),
      h("div", { class: "panels" }, shown.map((loss, i) => panel({
        id: "figure1-" + i, title: loss, width: 380, height: 300, xLabel: "√KL (root of nats per response)", xFloor: 0, yRange,
        label: `${loss}: win rate against √KL, ${points.filter(point => point.loss === loss).length} checkpoints; the table of runs has the numbers`,
        empty: "no checkpoint is judged yet",
      }, [
        ...laws.filter(law => law.loss === loss).map(law => ({
          ink: inkOfSize(law.model), line: true, dotted: true, points: law.curve.filter(([x]) => near.length === 0 || x <= furthest).map(([x, y]) => ({ x, y })),
        })),
        ...sizes.map(size => ({
          ink: inkOfSize(size), shape: shapeOfSize(size), points: points.filter(point => point.loss === loss && point.model === size)
            .map(point => ({ x: point.sqrtKl, y: point.winRate, error: point.winRateSe, small: point.fraction < 1, title: describe(point), href: runAddress(point) })),
        })),
        ...(points.some(point => point.loss === loss) ? sizes : []).map(size => ({
          ink: inkOfSize(size), shape: "star", points: sft.filter(point => point.model === size && point.winRate !== undefined)
            .map(point => ({ x: point.sqrtKl, y: point.winRate, error: point.winRateSe, title: "SFT " + size + ": win rate " + withError(point.winRate, point.winRateSe, 3) })),
        })),
      ]))),
      legend([
        ...sizes.map(size => ({ ink: inkOfSize(size), shape: shapeOfSize(size), text: size })),
        { ink: "ink-muted", shape: "circle", small: true, text: "before the end of the epoch" },
        { ink: "ink-muted", shape: "star", text: "SFT model" },
        ...(laws.length ? [{ ink: "ink-muted", line: true, dotted: true, text: "Eq. (5) through these points" }] : []),
      ]),
      h("p", { class: "muted small" }, "Error bars: one standard error over prompts. A mark leads to its run.",
        points.length < judged.length ? ` Not drawn: ${judged.length - points.length} beyond √KL ${furthest}, which the table of runs has.` : ""));
  });
}

function dynamics(part, runs) {
  const rows = runs.filter(run => run.shown.length > 0);
  show(part, rows.map(run => [run.key, run.shown]), () => {
    const inks = inksOf(rows);
    return section("runs-so-far", "Runs, checkpoint by checkpoint",
      h("div", { class: "panels" }, quantities.map(quantity => panel({
        id: "dynamics-" + quantity.name, title: quantity.title, width: 380, height: 240, xLabel: "share of the epoch", xRange: [0, 1.03],
        yFloor: quantity.floor, xText: checkpoint, label: `${quantity.title} of ${rows.length} runs; the table of runs has the numbers`,
      }, rows.map(run => ({
        ink: inks.ink(run), line: true, shape: "circle",
        points: run.shown.filter(point => point[quantity.name] !== undefined && point.bestOf === undefined).map(point => ({
          x: point.fraction, y: point[quantity.name], error: point[quantity.error], small: true, title: describe(point), href: runAddress(point),
        })),
      })).filter(one => one.points.length)))),
      legend(inks.legend));
  });
}

