import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { accepting, startApp, type TestApp, tokens } from "../support/app.ts";

let desk: TestApp;
beforeAll(async () => {
  desk = await startApp();
});
beforeEach(async () => {
  await desk.redis.flush();
  desk.imagekit.purged.length = 0;
});
afterAll(() => desk.close());

const tryNow = (token: string = tokens.admin) => desk.call("/api/health/try", { method: "POST", token });
const credentials = ({ checks }: { checks: { name: string; state: string }[] }) =>
  checks.find(({ name }) => name === "send-credentials")?.state;

/** Two purges that wait behind a refused key; gives the batch's id. */
async function blocked(): Promise<string> {
  desk.imagekit.answer = () => Response.json({ message: "no such key" }, { status: 401 });
  const urls = ["a", "b"].map((name) => `https://ik.imagekit.io/demo/${name}.jpg`);
  const { body } = await desk.call("/api/purges", { method: "POST", token: tokens.purge, json: { urls } });
  desk.imagekit.purged.length = 0;
  return body.id;
}

test("after the key was repaired, a try sends what waits at once, each once", async () => {
  const id = await blocked();
  desk.imagekit.answer = accepting("Pending");
  const { status, body } = await tryNow();
  expect([status, credentials(body)]).toEqual([200, "ok"]);
  expect(desk.imagekit.purged).toHaveLength(2);
  const batch = await desk.call(`/api/batches/${id}`, { token: tokens.read });
  expect(batch.body.purges).toMatchObject([{ state: "pending" }, { state: "pending" }]);
  expect(batch.body.budget).toMatchObject({ spent: 2, reserved: 0 });
});

test("while the key is still refused, each try asks ImageKit once and costs nothing", async () => {
  await blocked();
  expect(credentials((await tryNow()).body)).toBe("alarm");
  expect(credentials((await tryNow()).body)).toBe("alarm");
  expect(desk.imagekit.purged).toHaveLength(2);
  const { body } = await desk.call("/api/budget", { token: tokens.read });
  expect(body).toMatchObject({ spent: 0, reserved: 2 });
});

test("two tries at the same moment send one probe between them", async () => {
  await blocked();
  let answerFirst = () => {};
  const asked = new Promise<void>((resolve) => {
    desk.imagekit.answer = () =>
      new Promise((answer) => {
        answerFirst = () => answer(Response.json({ message: "no such key" }, { status: 401 }));
        resolve();
      });
  });
  const first = tryNow();
  await asked;
  expect(credentials((await tryNow()).body)).toBe("alarm");
  expect(desk.imagekit.purged).toHaveLength(1);
  answerFirst();
  await first;
  expect(desk.imagekit.purged).toHaveLength(1);
});

test("only an admin may try", async () => {
  expect(await tryNow(tokens.purge)).toMatchObject({ status: 403, body: { scope: "admin" } });
});

test("a try while ImageKit accepts the key does nothing", async () => {
  desk.imagekit.answer = accepting();
  expect((await tryNow()).status).toBe(200);
  expect(desk.imagekit.purged).toEqual([]);
});
