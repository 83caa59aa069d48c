// Small charts as SVG. Colours are classes of the report's palette, so that light and dark follow the reader's choice.
import { h, s } from "./dom.js";
import { brief } from "./format.js";

const left = 46, right = 10, top = 8, bottom = 34;

/** Round steps: 1, 2 or 5 times a power of ten. */
function ticks(low, high, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(size => (high - low) / size <= most);
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) found.push(Number((i * step).toPrecision(12)));
  return found;
}

function range(values, floor) {
  const finite = values.filter(value => Number.isFinite(value));
  if (!finite.length) return [0, 1];
  let [low, high] = [Math.min(...finite), Math.max(...finite)];
  if (floor !== undefined) low = Math.min(low, floor);
  if (low === high) [low, high] = [low - 0.5 * (Math.abs(low) || 1), high + 0.5 * (Math.abs(high) || 1)];
  const room = 0.05 * (high - low);
  return [low === floor ? low : low - room, high + room];
}

function marker(shape, x, y, size) {
  const points = list => list.map(([dx, dy]) => (x + dx * size).toFixed(1) + "," + (y + dy * size).toFixed(1)).join(" ");
  if (shape === "square") return s("rect", { x: x - 0.9 * size, y: y - 0.9 * size, width: 1.8 * size, height: 1.8 * size });
  if (shape === "triangle") return s("polygon", { points: points([[0, -1.2], [1.1, 0.8], [-1.1, 0.8]]) });
  if (shape === "diamond") return s("polygon", { points: points([[0, -1.3], [1.1, 0], [0, 1.3], [-1.1, 0]]) });
  if (shape === "star") {
    const spikes = Array.from({ length: 10 }, (_, i) => [i * Math.PI / 5, i % 2 ? 0.6 : 1.5]);
    return s("polygon", { points: points(spikes.map(([turn, far]) => [far * Math.sin(turn), -far * Math.cos(turn)])) });
  }
  return s("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: size });
}

export const shapes = ["circle", "square", "triangle", "diamond"];

/** What the scales say of a chart's series. */
function scales(series, options) {
  const points = series.flatMap(one => one.points);
  const [x0, x1] = options.xRange ?? range(points.map(point => point.x), options.xFloor);
  const [y0, y1] = options.yRange ?? range(points.flatMap(point => [point.y, point.y - (point.error ?? 0), point.y + (point.error ?? 0)]), options.yFloor);
  const [wide, high] = [options.width - left - right, options.height - top - bottom];
  return { x0, x1, y0, y1, x: value => left + (value - x0) / (x1 - x0) * wide, y: value => top + (y1 - value) / (y1 - y0) * high };
}

function axes(scale, options) {
  const [end, base] = [options.width - right, options.height - bottom];
  return s("g", { class: "axes" },
    ticks(scale.y0, scale.y1, 5).map(value => [
      s("line", { x1: left, x2: end, y1: scale.y(value).toFixed(1), y2: scale.y(value).toFixed(1), class: "grid" }),
      s("text", { x: left - 6, y: (scale.y(value) + 3.5).toFixed(1), "text-anchor": "end" }, brief(value))]),
    ticks(scale.x0, scale.x1, Math.max(2, Math.floor(options.width / 70))).map(value => [
      s("line", { x1: scale.x(value).toFixed(1), x2: scale.x(value).toFixed(1), y1: base, y2: base + 4, class: "frame" }),
      s("text", { x: scale.x(value).toFixed(1), y: base + 15, "text-anchor": "middle" }, options.xText?.(value) ?? brief(value))]),
    s("line", { x1: left, x2: end, y1: base, y2: base, class: "frame" }),
    s("text", { x: (left + end) / 2, y: options.height - 4, "text-anchor": "middle", class: "title" }, options.xLabel));
}

const place = (scale, point) => scale.x(point.x).toFixed(1) + " " + scale.y(point.y).toFixed(1);

function drawSeries(scale, one) {
  const drawn = one.points.filter(point => Number.isFinite(point.x) && Number.isFinite(point.y));
  const parts = [];
  if (one.line && drawn.length > 1) {
    parts.push(s("path", { d: "M" + drawn.map(point => place(scale, point)).join("L"), class: "line" + (one.dotted ? " dotted" : "") }));
  }
  if (one.shape) {
    for (const point of drawn) {
      const [x, y] = [scale.x(point.x), scale.y(point.y)];
      const bar = point.error ? s("path", { class: "error", d: `M${x.toFixed(1)} ${scale.y(point.y - point.error).toFixed(1)}V${scale.y(point.y + point.error).toFixed(1)}` }) : null;
      parts.push(bar);
      const mark = marker(one.shape, x, y, point.small ? 2.2 : 3.4);
      mark.setAttribute("class", point.small ? "mark hollow" : "mark");
      if (point.href) {
        mark.classList.add("link");
        mark.addEventListener("click", () => { location.hash = point.href; });
      }
      if (point.title) mark.append(s("title", {}, point.title));
      parts.push(mark);
    }
  }
  return s("g", { class: one.ink + (one.faint ? " faint" : "") }, parts);
}

/**
 * A chart.
 * @param options label, width, height, xLabel, xFloor, yFloor, xRange, yRange, xText
 * @param series each { ink, points: [{ x, y, error, title, href, small }], line, dotted, shape, faint }
 */
export function chart(options, series) {
  const scale = scales(series, options);
  const clip = "clip-" + options.id;
  return s("svg", { viewBox: `0 0 ${options.width} ${options.height}`, role: "img", "aria-label": options.label, class: "chart" },
    s("clipPath", { id: clip }, s("rect", { x: left - 4, y: top - 4, width: options.width - left - right + 8, height: options.height - top - bottom + 8 })),
    axes(scale, options),
    s("g", { "clip-path": `url(#${clip})` }, series.map(one => drawSeries(scale, one))));
}

/** A chart with its title and what it is waiting for where it has nothing to show. */
export function panel(options, series) {
  const empty = series.every(one => one.points.length === 0);
  return h("figure", { class: "panel" }, h("figcaption", {}, options.title),
    empty ? h("p", { class: "muted empty" }, options.empty ?? "nothing yet") : chart(options, series));
}

/** A mark of the legend, drawn as in the charts. */
export function legend(entries) {
  return h("ul", { class: "legend" }, entries.map(entry => h("li", {},
    s("svg", { viewBox: "0 0 22 12", width: 22, height: 12, "aria-hidden": "true" }, s("g", { class: entry.ink },
      entry.line ? s("path", { d: "M1 6H21", class: "line" + (entry.dotted ? " dotted" : "") }) : null,
      entry.shape ? (() => {
        const mark = marker(entry.shape, 11, 6, entry.small ? 2.4 : 3.6);
        mark.setAttribute("class", entry.small ? "mark hollow" : "mark");
        return mark;
      })() : null)),
    entry.text)));
}

/** A line of a few values, for a row of a table. */
export function spark(values, ink) {
  const found = values.filter(value => value !== null && value !== undefined);
  if (found.length < 2) return null;
  const [low, high] = range(found);
  const at = (value, i) => (2 + i * 56 / (found.length - 1)).toFixed(1) + " " + (16 - (value - low) / (high - low) * 14).toFixed(1);
  return s("svg", { viewBox: "0 0 60 18", width: 60, height: 18, class: "spark", "aria-hidden": "true" },
    s("g", { class: ink }, s("path", { d: "M" + found.map(at).join("L"), class: "line" })));
}
