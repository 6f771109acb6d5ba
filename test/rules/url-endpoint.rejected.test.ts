import { expect, test } from "vitest";
import { matchEndpoint, parseUrlEndpoint } from "../../src/rules/url-endpoint.ts";
import { endpoints } from "./plan-line.ts";

test.each([
  ["", "begin with https://"],
  ["your_id", "begin with https://"],
  ["ik.imagekit.io/your_id", "begin with https://"],
  ["ftp://ik.imagekit.io/your_id", "begin with https://"],
  ["https:/ik.imagekit.io/your_id", "begin with https://"],
  ["https://", "host is missing"],
  ["https:///your_id", "host is missing"],
  ["https://user:password@ik.imagekit.io/your_id", "user name"],
  ["https://*.shop.example", "wildcard"],
  ["https://images.shop.example/*", "plain segments"],
  ["https://ik.imagekit.io/your_id?tr=w-1", "plain segments"],
  ["https://ik.imagekit.io/your_id#top", "plain segments"],
  ["https://ik.imagekit.io/your_id/../other", "plain segments"],
  ["https://ik.imagekit.io/your_id/%2e%2e", "plain segments"],
  ["https://ik.imagekit.io/your_id\\pattern", "plain segments"],
  ["https://ik.imagekit.io//your_id", "plain segments"],
  ["https://ik.imagekit.io/your id", "plain segments"],
  ["https://ik.imagekit.io/your_id/tr:w-300", "transformation"],
  ["https://ik.imagekit.io", "ImageKit id"],
  ["https://ik.imagekit.io/", "ImageKit id"],
  ["https://127.1/demo", "a different one"],
  ["https://images.shop.example:99999", "not valid"],
])("the endpoint setting %j is refused, and the message says why", (text, why) => {
  const result = parseUrlEndpoint(text);
  expect("problem" in result && result.problem).toContain(why);
});

test("the message about a refused endpoint never shows a password or signature", () => {
  const result = parseUrlEndpoint("https://user:hunter2@ik.imagekit.io/demo?ik-s=0a1b2c3d");
  expect(JSON.stringify(result)).not.toMatch(/hunter2|0a1b2c3d/);
});

test.each([
  ["ik.imagekit.io", "/"],
  ["ik.imagekit.io", "/demo-evil/a.jpg"],
  ["ik.imagekit.io", "/demo*"],
  ["ik.imagekit.io", "/Demo/a.jpg"],
  ["ik.imagekit.io", "/other/demo/a.jpg"],
  ["ik.imagekit.io:8443", "/demo/a.jpg"],
  ["evil-ik.imagekit.io", "/demo/a.jpg"],
  ["ik.imagekit.io.evil.com", "/demo/a.jpg"],
])("%s%s is not under any endpoint", (host, path) => {
  expect(matchEndpoint(host, path, endpoints)).toBeUndefined();
});
