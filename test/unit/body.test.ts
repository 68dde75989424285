import { parseBody, readBody } from "../../provider/http/body";

const read = (text: string, type = "application/json; charset=utf-8") => parseBody(text, type);

test.each([
  ['{"id":9007199254740993}', { id: "9007199254740993" }],
  ['{"id" : 7 }', { id: "7" }],
  ['{"id"\n:\n\t9223372036854775807\n,"a":1}', { id: "9223372036854775807", a: 1 }],
  ['{"attestation_id":12,"job_id":  34}', { attestation_id: "12", job_id: "34" }],
  ['[{"id":1},{"id":22}]', [{ id: "1" }, { id: "22" }]],
])("the ids of %s are texts, with all of their digits", (text, data) => {
  expect(read(text)).toEqual(data);
});

test.each([
  ['{"id":1.5}', { id: 1.5 }],
  ['{"id":-1}', { id: -1 }],
  ['{"id":null,"total":12}', { id: null, total: 12 }],
  ['{"valid":12,"Xid":34,"4_id":5}', { valid: 12, Xid: 34, "4_id": 5 }],
  ['{"text":"\\"id\\":12,"}', { text: '"id":12,' }],
  ['{"id":"12"}', { id: "12" }],
])("nothing else of %s is changed", (text, data) => {
  expect(read(text)).toEqual(data);
});

test.each([
  ["a body that is cut off", '{"id":1', "application/json"],
  ["a page", "<html>1</html>", "text/html"],
  ["JSON that does not say so", '{"a":1}', "text/plain"],
  ["another format that begins so", '{"a":1}', "application/json5"],
  ["a format that only ends so", '{"a":1}', "text/application/json"],
  ["an empty body", "", "application/json"],
])("%s is a text", (_what, text, type) => {
  expect(read(text, type)).toBe(text);
});

test("a format is named in any case", () => {
  expect(read('{"a":1}', "Application/JSON")).toEqual({ a: 1 });
});

test("a body that breaks off on its way is an error, and not an empty text", async () => {
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) });
  await expect(readBody(body, 10)).rejects.toThrow("reset");
});

test("no more of a body is read than its limit, and the rest is cancelled", async () => {
  const cancelled = jest.fn();
  const bodyOf = () =>
    new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(Buffer.from("12345")),
      cancel: cancelled,
    });
  expect(await readBody(bodyOf(), 12)).toBeUndefined();
  expect(cancelled).toHaveBeenCalledTimes(1);
  expect(String(await readBody(new Response("12345").body, 5))).toBe("12345");
  expect(await readBody(new Response("123456").body, 5)).toBeUndefined();
  expect(String(await readBody(null, 5))).toBe("");
});

test.each([
  ["as many lists as characters", "[".repeat(2_000_000)],
  ["a million empty objects", `[${"{},".repeat(1_000_000)}{}]`],
])("a long text of %s is not parsed: it would take far more memory than its length", (_what, text) => {
  expect(read(text)).toBe(text);
});

test("a long text of a few objects is parsed, whatever its strings hold", () => {
  const brackets = '[{\\"'.repeat(400_000);
  expect(read(`{"a":"${brackets}"}`)).toEqual({ a: JSON.parse(`"${brackets}"`) });
});
