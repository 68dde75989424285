/** docs/reliability.md names the tests of each of its lines, and there is no test that it does not name. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const repository = resolve(__dirname, "../..");

interface Line {
  number: number;
  fault: string;
  files: string[];
}

/** `| 4 | connection reset … | what the user gets | [file](../test/…), … |` */
function linesOf(page: string): Line[] {
  const rows = readFileSync(join(repository, page), "utf8").matchAll(
    /^\| *(\d+) *\| *(.+?) *\| *.+? *\| *(\[.+\]\(.+\)) *\|$/gm,
  );
  return [...rows].map(([, number, fault = "", links = ""]) => ({
    number: Number(number),
    fault: fault.replaceAll("\\", ""),
    files: [...links.matchAll(/\]\(\.\.\/(.+?)\)/g)].map(([, file = ""]) => file).sort(),
  }));
}

const testFiles = readdirSync(join(repository, "test"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => join(repository, "test", file))
  .filter((file) => file !== __filename);

/** Titles that begin with a line's number: `"4. connection reset …: what the test shows"`. */
function titlesOf(file: string): { number: number; fault: string }[] {
  const titles = readFileSync(file, "utf8").matchAll(/\(\s*["'`](\d+)\. (.+?)(?:: .+)?["'`],/g);
  return [...titles].map(([, number, fault = ""]) => ({ number: Number(number), fault }));
}

test("every line of the list has tests, in the files that it names and in no others", () => {
  const lines = linesOf("docs/reliability.md");
  expect(lines.map(({ number }) => number)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  const found = testFiles.flatMap((file) =>
    titlesOf(file).map((title) => ({ ...title, file: relative(repository, file) })),
  );
  const tested = lines.map(({ number, fault }) => ({
    number,
    fault,
    files: [
      ...new Set(found.filter((one) => one.number === number && one.fault === fault).map(({ file }) => file)),
    ].sort(),
  }));
  expect(tested).toEqual(lines);
  const unknown = found.filter(
    ({ number, fault }) => !lines.some((line) => line.number === number && line.fault === fault),
  );
  expect(unknown).toEqual([]);
});
