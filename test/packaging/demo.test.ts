/** `npm run demo`, as a reader sees it. */
import { demo } from "../../local/demo";
import { steps } from "../../local/demo/steps";

jest.setTimeout(600_000);

test("the demo says at each step what happens and why, in at most 150 lines", async () => {
  const printed: string[] = [];
  await demo({ engine: "local", verbose: false, print: (text) => text !== "" && void printed.push(text) });
  const lines = printed.join("\n").split("\n");
  expect(lines.length).toBeLessThanOrEqual(150);
  expect(lines).toEqual(expect.arrayContaining(steps.map(({ why }) => `   ${why}`)));
  for (const { why } of steps) expect(why).toMatch(/^[A-Z][^.]+\.$/);

  // What changes, once in the preview and once in the update.
  expect(lines.filter((line) => line.includes('version: "1.4.2" => "1.5.0"'))).toHaveLength(2);
  expect(lines).toContain('   - delete DeploymentRecord "cart"');
  expect(lines).toContain('           ~ team: "shop" => "platform"');
  // The records after each step that changes them: two writes, the removal, the other writer, the repair, the end.
  expect(lines.filter((line) => line === "   On GitHub:")).toHaveLength(6);
  expect(lines).toContain("     shop-web-web 1.5.0 deployed team=shop");
});
