import { withBody } from "../../provider/http/body";

const read = async (text: string, type = "application/json; charset=utf-8") =>
  (await withBody({ status: 200, headers: { "content-type": type }, data: new Response(text).body })).data;

test.each([
  ['{"id":9007199254740993}', { id: "9007199254740993" }],
  ['{"id" : 7 }', { id: "7" }],
  ['{"id"\n:\n\t9223372036854775807\n,"a":1}', { id: "9223372036854775807", a: 1 }],
  ['{"attestation_id":12,"job_id":  34}', { attestation_id: "12", job_id: "34" }],
  ['[{"id":1},{"id":22}]', [{ id: "1" }, { id: "22" }]],
])("the ids of %s are texts, with all of their digits", async (text, data) => {
  expect(await read(text)).toEqual(data);
});

test.each([
  ['{"id":1.5}', { id: 1.5 }],
  ['{"id":-1}', { id: -1 }],
  ['{"id":null,"total":12}', { id: null, total: 12 }],
  ['{"valid":12,"Xid":34,"4_id":5}', { valid: 12, Xid: 34, "4_id": 5 }],
  ['{"text":"\\"id\\":12,"}', { text: '"id":12,' }],
  ['{"id":"12"}', { id: "12" }],
])("nothing else of %s is changed", async (text, data) => {
  expect(await read(text)).toEqual(data);
});

test.each([
  ["a body that is cut off", '{"id":1', "application/json"],
  ["a page", "<html>1</html>", "text/html"],
  ["JSON that does not say so", '{"a":1}', "text/plain"],
  ["another format that begins so", '{"a":1}', "application/json5"],
  ["a format that only ends so", '{"a":1}', "text/application/json"],
  ["an empty body", "", "application/json"],
])("%s is a text", async (_what, text, type) => {
  expect(await read(text, type)).toBe(text);
});

test("a format is named in any case", async () => {
  expect(await read('{"a":1}', "Application/JSON")).toEqual({ a: 1 });
});

test("a body that breaks off on its way is an empty text", async () => {
  const data = new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) });
  const answer = { status: 200, headers: { "content-type": "application/json" }, data };
  expect(await withBody(answer)).toEqual({ ...answer, data: "" });
});

test("a body that was read already stays as it is", async () => {
  const answer = { status: 404, headers: {}, data: { message: "Not Found" } };
  expect(await withBody(answer)).toBe(answer);
});
