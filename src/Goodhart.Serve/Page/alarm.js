// What can be said of a run without a judge: the probability that its win rate is past its peak.
import { h, section } from "./dom.js";
import { legend, panel } from "./chart.js";
import { checkpoint, percent } from "./format.js";
import { ask, study } from "./study.js";

let known = { points: -1, answer: null };

/** Of the study as it is known now: asked for again when there are more checkpoints. */
export async function alarms() {
  const points = study.points.size;
  if (known.points !== points) known = { points, answer: ask("/api/alarm") };
  return (await known.answer) ?? { runs: [], missing: [], worth: "", threshold: null };
}

export function alarmSection(all, run) {
  const own = all.runs.find(each => each.model === run.model && each.loss === run.loss && (each.beta ?? null) === run.beta && each.seed === run.seed);
  if (!own) return null;
  const points = own.fractions.map((x, i) => ({ x, y: own.probabilities[i], title: checkpoint(x) + ": " + percent(own.probabilities[i]) }));
  const now = points[points.length - 1];
  return section("alarm", "Past its peak?",
    h("p", {}, `At ${checkpoint(now.x)} the alarm gives ${percent(now.y)}: ${now.y >= all.threshold ? "raised" : "not raised"}. No judge is asked.`),
    h("div", { class: "panels" }, panel({
      id: "alarm", title: "Probability that the win rate is past its peak", width: 380, height: 220, xLabel: "share of the epoch", xRange: [0, 1.03],
      yRange: [0, 1], xText: checkpoint, label: `Probability of being past the peak at ${points.length} checkpoints`,
    }, [
      { ink: "ink-muted", line: true, dotted: true, points: [{ x: 0, y: all.threshold }, { x: 1.03, y: all.threshold }] },
      { ink: "ink-s0", line: true, shape: "circle", points },
    ])),
    legend([{ ink: "ink-muted", line: true, dotted: true, text: "raised from here on" }]),
    h("p", { class: "muted small" }, all.worth, all.missing.length ? " Not measured here, or not in the table: " + all.missing.join(", ") + "." : ""));
}
