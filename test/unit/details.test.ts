import { detailsOf } from "../../provider/github/details";

const problems = (count: number) => Array.from({ length: count }, (_, index) => `problem ${index + 1}`);

test.each([
  [{ errors: ["tags has too many"] }, ": tags has too many"],
  [{ errors: [{ field: "tags", code: "invalid" }, "other"] }, ": tags invalid, other"],
  [{ errors: [{ field: "tags", code: "invalid", message: "are too many" }] }, ": tags are too many"],
  [{ errors: [{ code: "custom", message: 12 }] }, ": custom"],
  [{ errors: problems(5) }, ": problem 1, problem 2, problem 3, problem 4, problem 5"],
  [{ errors: problems(8) }, ": problem 1, problem 2, problem 3, problem 4, problem 5, and 3 more"],
])("%j is said as it is, five problems at most", (body, words) => {
  expect(detailsOf(body)).toBe(words);
});

test.each([[undefined], ["text"], [{ errors: [] }], [{ errors: [12] }], [{ message: "no" }]])(
  "%j names no problem",
  (body) => {
    expect(detailsOf(body)).toBe("");
  },
);
