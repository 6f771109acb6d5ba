import { expect, test } from "vitest";
import { tokens } from "../support/app.ts";
import { endpoint, serveProfiles } from "../support/profile-desk.ts";

const served = serveProfiles();
const { put, list } = served;

const page = `<img srcset="${endpoint}/tr:w-400,h-300/products/shoe.jpg 1x, ${endpoint}/tr:w-800/products/shoe.jpg 2x">
  <img src="${endpoint}/tr:w-400,h-300/products/boot.jpg?v=2"> <img src="https://cdn.example/logo.png">`;
const learn = (body: string) =>
  served.desk.call("/api/profiles/learn", { method: "POST", token: tokens.read, type: "text/plain", body });

test("what a page uses is answered as profiles with their price, which can be put as they are", async () => {
  const { status, body } = await learn(page);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    urls: 3,
    profiles: [{ endpoints: [endpoint], units: 3, unitsWithQuery: 1 }],
  });
  const [{ name, paths, endpoints, transformations, seen }] = body.profiles;
  expect(seen).toMatchObject({ "tr:w-400,h-300": 2, "tr:w-800": 1 });
  expect(await put({ paths, endpoints, transformations }, {}, name)).toMatchObject({ status: 201 });
  const image = { images: ["/products/shoe.jpg"] };
  const plan = await served.desk.call("/api/plan", { method: "POST", token: tokens.read, json: image });
  expect(plan.body).toMatchObject({ units: 3, lines: [{ profile: name }] });
});

test("learning stores nothing, and shows no signature", async () => {
  const { text } = await learn(`${endpoint}/tr:w-4/a.jpg?ik-t=1900000000&ik-s=0123456789abcdef ${page}`);
  expect(text).not.toMatch(/0123456789abcdef|1900000000/);
  expect(await list()).toMatchObject({ version: 0, profiles: [] });
});

test("a text without URLs of the shop teaches nothing", async () => {
  expect((await learn("no images here")).body).toMatchObject({ profiles: [], urls: 0 });
});
