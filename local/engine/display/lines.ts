/** Two texts of several lines compared line by line, with a little of what surrounds a change. */

export interface Line {
  op: "add" | "delete" | "same";
  text: string;
}

const CONTEXT = 2;

export function diffLines(old: string, now: string): Line[] {
  const runs = groupRuns(align(splitLines(old), splitLines(now)));
  return runs.flatMap((run, i) =>
    run[0]?.op === "same" ? shorten(run, i === 0, i === runs.length - 1) : run,
  );
}

/** A last line without its line break differs from the same line with one. */
function splitLines(text: string): string[] {
  return text.split(/(?<=\n)/);
}

function align(old: string[], now: string[]): Line[] {
  const common = commonLengths(old, now);
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    const [before, after] = [old[i], now[j]];
    if (before !== undefined && before === after) {
      lines.push({ op: "same", text: before });
      i++;
      j++;
    } else if (
      before !== undefined &&
      (after === undefined || at(common, i + 1, j) >= at(common, i, j + 1))
    ) {
      lines.push({ op: "delete", text: before });
      i++;
    } else {
      lines.push({ op: "add", text: after ?? "" });
      j++;
    }
  }
  return lines;
}

/** The longest common subsequence of what is left from each pair of lines on. */
function commonLengths(old: string[], now: string[]): number[][] {
  const table = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const best =
        old[i] === now[j] ? 1 + at(table, i + 1, j + 1) : Math.max(at(table, i + 1, j), at(table, i, j + 1));
      (table[i] ?? [])[j] = best;
    }
  }
  return table;
}

function at(table: number[][], i: number, j: number): number {
  return table[i]?.[j] ?? 0;
}

/** Unchanged lines in one run; of changed ones the deleted before the added. Empty lines are not shown. */
function groupRuns(lines: Line[]): Line[][] {
  const runs: Line[][] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last && (last[0]?.op === "same") === (line.op === "same")) last.push(line);
    else runs.push([line]);
  }
  const rank = (line: Line) => (line.op === "delete" ? 0 : 1);
  return runs.map((run) =>
    run
      .sort((a, b) => rank(a) - rank(b))
      .map(({ op, text }) => ({ op, text: text.replace(/\n$/, "") }))
      .filter(({ text }) => text.trim() !== ""),
  );
}

function shorten(run: Line[], first: boolean, last: boolean): Line[] {
  const dots: Line = { op: "same", text: "..." };
  if (first) return run.length > CONTEXT + 1 ? [dots, ...run.slice(-CONTEXT)] : run;
  if (last) return run.length > CONTEXT + 1 ? [...run.slice(0, CONTEXT), dots] : run;
  return run.length > 2 * CONTEXT + 1 ? [...run.slice(0, CONTEXT), dots, ...run.slice(-CONTEXT)] : run;
}
