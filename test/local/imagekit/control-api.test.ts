import { expect, test } from "vitest";
import { control, demo, poll, post, purged, simulator } from "./simulator.ts";

test("the overview shows settings, faults, spending and counts, and is not counted itself", async () => {
  const imagekit = await simulator();
  await purged(imagekit, `${demo}/a.jpg`);
  expect(await control(imagekit, "GET ")).toMatchObject({
    status: 200,
    json: {
      settings: { quota: 1_000 },
      faults: [],
      spent: 1,
      arrivals: { send: { total: 1, accepted: 1 }, poll: { total: 0 }, other: { total: 0 } },
      usage: expect.any(Array),
    },
  });
});

test("arrivals can be filtered and paged without losing one", async () => {
  const imagekit = await simulator();
  for (const name of ["a", "b", "c"]) await poll(imagekit, await purged(imagekit, `${demo}/${name}.jpg`));
  const page = await control(imagekit, "GET /arrivals?endpoint=send&limit=2");
  expect(page.json).toMatchObject({ total: 3, arrivals: [{ number: 1 }, { number: 3 }], next: 3 });
  const rest = await control(imagekit, "GET /arrivals?endpoint=send&limit=2&after=3");
  expect(rest.json).toMatchObject({ total: 1, arrivals: [{ number: 5 }] });
  expect(rest.json).not.toHaveProperty("next");

  const url = encodeURIComponent(`${demo}/b.jpg`);
  expect((await control(imagekit, `GET /arrivals?url=${url}&outcome=accepted`)).json.total).toBe(1);
  expect((await control(imagekit, "GET /arrivals/by-url")).json.urls[`${demo}/b.jpg`]).toEqual({
    total: 1,
    accepted: 1,
  });
});

test("settings change those that are named", async () => {
  const imagekit = await simulator();
  const changed = await control(imagekit, "PUT /settings", { quota: 0, pendingMs: "never" });
  expect(changed.json).toMatchObject({ quota: 0, pendingMs: "never", refusedCosts: false });
  expect((await post(imagekit, { url: `${demo}/a.jpg` })).status).toBe(403);
});

test("faults are added, one or a list, listed and taken away", async () => {
  const imagekit = await simulator();
  await control(imagekit, "POST /faults", { endpoint: "send", kind: 500 });
  await control(imagekit, "POST /faults", [{ endpoint: "send", kind: "garbage", times: "forever" }]);
  expect((await control(imagekit, "GET /faults")).json.faults).toMatchObject([
    { kind: 500, times: 1 },
    { kind: "garbage", times: "forever" },
  ]);
  expect((await post(imagekit, { url: `${demo}/a.jpg` })).status).toBe(500);
  expect((await control(imagekit, "DELETE /faults")).json).toEqual({ faults: [] });
  expect((await post(imagekit, { url: `${demo}/a.jpg` })).json).toHaveProperty("requestId");
});

test("complete ends what is pending, reset forgets everything", async () => {
  const imagekit = await simulator({ settings: { pendingMs: "never" } });
  const id = await purged(imagekit, `${demo}/a.jpg`);
  expect((await control(imagekit, "POST /complete", { url: `${demo}/b.jpg` })).json).toEqual({
    completed: 0,
  });
  expect((await control(imagekit, "POST /complete")).json).toEqual({ completed: 1 });
  expect((await poll(imagekit, id)).json).toEqual({ status: "Completed" });
  expect((await control(imagekit, "POST /reset")).json).toMatchObject({
    spent: 0,
    arrivals: { send: { total: 0 } },
  });
});

test.each([
  ["PUT /settings", "{"],
  ["PUT /settings", { quota: -1 }],
  ["PUT /settings", { qouta: 5 }],
  ["PUT /settings", { pendingMs: { minMs: 2, maxMs: 1 } }],
  ["POST /faults", { endpoint: "send" }],
  ["POST /faults", [{ endpoint: "send", kind: 500 }, {}]],
  ["POST /complete", { urls: [] }],
  ["GET /arrivals?limit=many", undefined],
  ["GET /arrivals?size=5", undefined],
])("%s with %o is answered 400 with the reason, and changes nothing", async (action, body) => {
  const imagekit = await simulator();
  const before = (await control(imagekit, "GET ")).json;
  expect(await control(imagekit, action, body)).toMatchObject({
    status: 400,
    json: { message: expect.stringMatching(/.+/) },
  });
  expect((await control(imagekit, "GET ")).json).toEqual(before);
});

test("an unknown action is answered 404 with what there is", async () => {
  const imagekit = await simulator();
  expect(await control(imagekit, "GET /nothing")).toMatchObject({
    status: 404,
    json: { usage: expect.any(Array) },
  });
});
