import { createCircuitBreaker } from "../../provider/http/circuit-breaker";

const failure = { requestLine: "POST /x", message: "ECONNREFUSED" };

function spent() {
  let now = 0;
  const health = createCircuitBreaker(() => now);
  for (let index = 0; index < 50; index++) {
    health.failed(failure);
    expect(health.whyOpen()).toBeUndefined();
    expect(health.takeRetry()).toBe(true);
  }
  return { health, wait: (milliseconds: number) => (now += milliseconds) };
}

test("fifty repeats may be made, and no more", () => {
  const { health } = spent();
  expect(health.takeRetry()).toBe(false);
});

test("an answer gives one repeat back", () => {
  const { health } = spent();
  health.answered();
  expect([health.takeRetry(), health.takeRetry()]).toEqual([true, false]);
});

test("answers save nothing up", () => {
  const health = createCircuitBreaker(() => 0);
  for (let index = 0; index < 9; index++) health.answered();
  const repeats = Array.from({ length: 60 }, () => health.takeRetry());
  expect(repeats.filter(Boolean)).toHaveLength(50);
});

test("with no repeat left and no answer for long, nothing new is sent, one in ten seconds aside", () => {
  const { health, wait } = spent();
  expect(health.whyOpen()).toEqual({ requests: 50, last: failure });
  wait(9_999);
  expect(health.whyOpen()).toBeDefined();
  wait(1);
  expect([health.whyOpen() !== undefined, health.whyOpen() !== undefined]).toEqual([false, true]);
  health.failed({ requestLine: "POST /y", status: 503 });
  expect(health.whyOpen()).toEqual({ requests: 51, last: { requestLine: "POST /y", status: 503 } });
});

test("the first answer ends that", () => {
  const { health } = spent();
  health.answered();
  health.takeRetry();
  expect(health.whyOpen()).toBeUndefined();
});

test("repeats that were used up while some requests were answered stop nothing new", () => {
  const health = createCircuitBreaker(() => 0);
  for (let index = 0; index < 200; index++) {
    if (index % 5 === 0) health.answered();
    else health.failed(failure);
    health.takeRetry();
    expect(health.whyOpen()).toBeUndefined();
  }
  expect(health.takeRetry()).toBe(false);
});
