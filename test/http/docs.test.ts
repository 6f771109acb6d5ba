import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { descriptions } from "../../src/build/openapi.ts";
import { problems } from "../../src/http/answers/problem.ts";
import { startApp, type TestApp } from "../support/app.ts";

let desk: TestApp;
beforeAll(async () => {
  desk = await startApp();
});
afterAll(() => desk.close());

test("the page shows every route and every problem code", async () => {
  const { text } = await desk.call("/api/docs");
  const shown = [
    ...descriptions.map(({ operationId }) => `id="${operationId}"`),
    ...Object.keys(problems).map((code) => `<code>${code}</code>`),
  ];
  expect(shown.filter((part) => !text.includes(part))).toEqual([]);
});

test("the page loads nothing, runs nothing, and has the one style that its policy allows", async () => {
  const { text, headers } = await desk.call("/api/docs");
  expect(text).not.toMatch(/<(script|link|img|iframe|object)\b|\son\w+=|\sstyle=|\ssrc=/i);
  const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(text) ?? [];
  const hash = createHash("sha256").update(style).digest("base64");
  expect(headers.get("Content-Security-Policy")).toContain(`style-src 'sha256-${hash}'`);
  expect(headers.get("Content-Security-Policy")).toContain("default-src 'none'");
});
