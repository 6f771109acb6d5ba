import { expect, test } from "vitest";
import { matchEndpoint, parseUrlEndpoint } from "../../src/rules/url-endpoint.ts";
import { endpoints } from "./plan-line.ts";

test.each([
  ["https://ik.imagekit.io/your_id", "ik.imagekit.io", "/your_id"],
  ["https://ik.imagekit.io/your_id/", "ik.imagekit.io", "/your_id"],
  ["https://ik.imagekit.io/your_id/pattern", "ik.imagekit.io", "/your_id/pattern"],
  ["https://images.shop.example", "images.shop.example", ""],
  ["https://images.shop.example/", "images.shop.example", ""],
  ["http://images.shop.example", "images.shop.example", ""],
  [" HTTPS://Images.Shop.Example.:443/Pattern \n", "images.shop.example", "/Pattern"],
  ["http://images.shop.example:80", "images.shop.example", ""],
  ["http://localhost:8080/demo", "localhost:8080", "/demo"],
  ["https://bücher.example", "xn--bcher-kva.example", ""],
])("the setting %j is an endpoint", (text, host, path) => {
  expect(parseUrlEndpoint(text)).toEqual({ endpoint: { host, path } });
});

test.each([
  ["ik.imagekit.io", "/demo/a.jpg", "/demo"],
  ["ik.imagekit.io", "/demo", "/demo"],
  ["ik.imagekit.io", "/demo/", "/demo"],
  ["ik.imagekit.io", "/demo/pattern/a.jpg", "/demo/pattern"],
  ["ik.imagekit.io", "/demo/patterns/a.jpg", "/demo"],
  ["ik.imagekit.io", "/demo/pattern*", "/demo"],
  ["images.shop.example", "/", ""],
  ["images.shop.example", "/demo-evil/a.jpg", ""],
])("%s%s belongs to the longest endpoint that it is under, with path %j", (host, path, expected) => {
  expect(matchEndpoint(host, path, endpoints)?.path).toBe(expected);
  expect(matchEndpoint(host, path, endpoints.toReversed())?.path).toBe(expected);
});
