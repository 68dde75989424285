/** A plot with logarithmic axes, as SVG. */

export interface Line {
  label: string;
  colour: string;
  dashed: boolean;
  points: { x: number; y: number }[];
}

export interface Plot {
  title: string;
  x: string;
  y: string;
  lines: Line[];
}

interface Axis {
  /** Exponents of ten. */
  from: number;
  to: number;
  at: (value: number) => number;
}

const AREA = { left: 70, top: 44, width: 560, height: 330 };
const LEGEND_LINE = 20;
/** Beyond the largest value, as a part of a power of ten. */
const MARGIN = 0.1;

export function svg(plot: Plot): string {
  const lines = plot.lines.filter(({ points }) => points.length > 0);
  const { left, top, width, height } = AREA;
  const [x, y] = [
    axis(
      lines.flatMap(({ points }) => points.map((point) => point.x)),
      left,
      left + width,
    ),
    axis(
      lines.flatMap(({ points }) => points.map((point) => point.y)),
      top + height,
      top,
    ),
  ];
  const total = { width: left + width + 30, height: top + height + 62 + lines.length * LEGEND_LINE };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total.width} ${total.height}" width="${total.width}" height="${total.height}" font-family="sans-serif" font-size="13" fill="#222">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    text({ x: left, y: 24, size: 16 }, plot.title),
    ...grid(x, y, plot),
    ...lines.flatMap((line) => drawn(line, x, y)),
    ...lines.flatMap(legend),
    "</svg>",
    "",
  ].join("\n");
}

function axis(values: number[], start: number, end: number): Axis {
  const from = Math.floor(Math.log10(Math.min(...values)));
  const to = Math.max(from + 1, Math.log10(Math.max(...values)) + MARGIN);
  return { from, to, at: (value) => start + ((Math.log10(value) - from) / (to - from)) * (end - start) };
}

const powers = ({ from, to }: Axis) =>
  Array.from({ length: Math.floor(to) - from + 1 }, (_, index) => 10 ** (from + index));

function grid(x: Axis, y: Axis, plot: Plot): string[] {
  const { left, top, width, height } = AREA;
  const bottom = top + height;
  return [
    ...powers(x).flatMap((value) => [
      rule(x.at(value), top, x.at(value), bottom),
      text({ x: x.at(value), y: bottom + 18, anchor: "middle" }, shown(value)),
    ]),
    ...powers(y).flatMap((value) => [
      rule(left, y.at(value), left + width, y.at(value)),
      text({ x: left - 8, y: y.at(value) + 4, anchor: "end" }, shown(value)),
    ]),
    text({ x: left + width / 2, y: bottom + 38, anchor: "middle" }, plot.x),
    `<g transform="translate(18 ${top + height / 2}) rotate(-90)">${text({ x: 0, y: 0, anchor: "middle" }, plot.y)}</g>`,
  ];
}

function drawn({ points, colour, dashed }: Line, x: Axis, y: Axis): string[] {
  const places = points.map((point) => [x.at(point.x).toFixed(1), y.at(point.y).toFixed(1)] as const);
  const path = places.map((place) => place.join(",")).join(" ");
  return [
    `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"${dash(dashed)}/>`,
    ...places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${colour}"/>`),
  ];
}

function legend({ label, colour, dashed }: Line, index: number): string[] {
  const y = AREA.top + AREA.height + 62 + index * LEGEND_LINE;
  return [
    `<line x1="${AREA.left}" y1="${y - 4}" x2="${AREA.left + 30}" y2="${y - 4}" stroke="${colour}" stroke-width="2"${dash(dashed)}/>`,
    text({ x: AREA.left + 40, y }, label),
  ];
}

const dash = (dashed: boolean) => (dashed ? ' stroke-dasharray="6 4"' : "");
const shown = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 3 });

const rule = (x1: number, y1: number, x2: number, y2: number) =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#ddd"/>`;

interface Place {
  x: number;
  y: number;
  anchor?: "start" | "middle" | "end";
  size?: number;
}

function text({ x, y, anchor = "start", size }: Place, content: string): string {
  const safe = content.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  const large = size === undefined ? "" : ` font-size="${size}"`;
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"${large}>${safe}</text>`;
}
