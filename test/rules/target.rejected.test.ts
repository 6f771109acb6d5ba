import { describe, expect, test } from "vitest";
import { planLines } from "../../src/planning/plan-lines.ts";
import { maximumLines, maximumUrlBytes } from "../../src/rules/limits.ts";
import { rejectedLine, suggestionsOf, violationsOf } from "./plan-line.ts";

const url = "https://ik.imagekit.io/demo/a.jpg";

describe("rejected lines", () => {
  test.each<[input: string, codes: readonly string[]]>([
    ["", ["empty-url"]],
    [" \t\r\n\u00a0\ufeff", ["empty-url"]],
    ["a", ["not-a-url"]],
    ["/demo/a.jpg", ["not-a-url"]],
    ["//ik.imagekit.io/demo/a.jpg", ["not-a-url"]],
    ["ik.imagekit.io/demo/a.jpg", ["not-a-url"]],
    ["ik.imagekit.io:443/demo/a.jpg", ["not-a-url"]],
    ["https:ik.imagekit.io/demo/a.jpg", ["not-a-url"]],
    ["https:/ik.imagekit.io/demo/a.jpg", ["not-a-url"]],
    ["https:///ik.imagekit.io/demo/a.jpg", ["not-a-url"]],
    ["https://", ["not-a-url"]],
    ["https://?x", ["not-a-url"]],
    ["https://ik.imagekit.io:99999/demo/a.jpg", ["not-a-url"]],
    ["https://ik.imagekit.io:x/demo/a.jpg", ["not-a-url"]],
    ["https://ik imagekit.io/demo/a.jpg", ["not-a-url"]],
    ["https://[::1/demo/a.jpg", ["not-a-url"]],
    [`https://${"a".repeat(300)}/demo/a.jpg`, ["not-a-url"]],
    ["https://ik.imagekit.io/demo/\ud800.jpg", ["not-a-url"]],
    ["ftp://ik.imagekit.io/demo/a.jpg", ["unsupported-scheme"]],
    ["file:///demo/a.jpg", ["unsupported-scheme"]],
    ["javascript:alert(1)", ["unsupported-scheme"]],
    ["data:image/png;base64,AA", ["unsupported-scheme"]],
    ["https://user:password@ik.imagekit.io/demo/a.jpg", ["has-credentials"]],
    ["https://@ik.imagekit.io/demo/a.jpg", ["has-credentials"]],
    ["https://other.example/a.jpg", ["unknown-endpoint"]],
    ["https://ik.imagekit.io/other/a.jpg", ["unknown-endpoint"]],
    ["https://ik.imagekit.io", ["unknown-endpoint"]],
    ["https://ik.imagekit.io/demo/a\tb.jpg", ["control-character"]],
    [
      "https://ik.imagekit.io/demo/a\nhttps://ik.imagekit.io/demo/b.jpg",
      ["several-urls", "control-character"],
    ],
    ["https://ik.imagekit.io/demo/a b.jpg", ["not-a-url"]],
    ["https://ik.imagekit.io/demo/a.jpg?b c", ["not-a-url"]],
    ["https://ik.imagekit.io/demo/a.jpg#b c", ["not-a-url"]],
    ["https://ik.imagekit.io/demo/a\u00a0b.jpg", ["not-a-url"]],
    ["https://ik.imagekit.io/demo/a<b.jpg", ["not-a-url"]],
    ["https://ik.imagekit.io/demo/a>b.jpg", ["not-a-url"]],
    ['https://ik.imagekit.io/demo/a"b.jpg', ["not-a-url"]],
    ["https://ik.imagekit.io/demo/a\u0000.jpg", ["control-character"]],
    ["https://ik.imagekit.io/demo/a\u007f\u0085.jpg", ["control-character"]],
    [`\u0000${url}`, ["not-a-url", "control-character"]],
    ["https://ik.image\nkit.io/demo/a.jpg", ["not-a-url", "control-character"]],
    [
      "ftp://u:p@other.example/*/a\t.jpg",
      ["unsupported-scheme", "has-credentials", "control-character", "wildcard-not-last", "unknown-endpoint"],
    ],
  ])("a line is refused with every rule that it breaks: %j breaks %j", (input, codes) => {
    expect(violationsOf(input).toSorted()).toEqual([...codes].toSorted());
  });
});

test("a batch has at most 100 lines, a URL at most 4,096 bytes", () => {
  expect([maximumLines, maximumUrlBytes]).toEqual([100, 4_096]);
});

test("the length limit counts the bytes that are sent: a percent-encoded character counts as three bytes or more", () => {
  const longest = "https://ik.imagekit.io/demo/".padEnd(maximumUrlBytes, "a");
  expect(violationsOf(`${longest}a`)).toEqual(["url-too-long"]);
  expect(violationsOf(`${longest.slice(0, -5)}é`)).toEqual(["url-too-long"]);
  expect(violationsOf(`x${"a".repeat(maximumUrlBytes)}`)).toEqual(["not-a-url", "url-too-long"]);
});

describe("suggestions", () => {
  test.each([
    ["ik.imagekit.io/demo/a.jpg", url],
    ["//ik.imagekit.io/demo/a.jpg", url],
    ["ik.imagekit.io:443/demo/a.jpg", url],
    ["https:/ik.imagekit.io/demo/a.jpg", url],
    ["https:///ik.imagekit.io/demo/a.jpg", url],
    ["http:\\\\ik.imagekit.io/demo/a.jpg", "http://ik.imagekit.io/demo/a.jpg"],
    ["ftp://ik.imagekit.io/demo/a.jpg", url],
    ["https://user:password@ik.imagekit.io/demo/a.jpg", url],
    ["https://ik.imagekit.io/demo\\a.jpg", url],
    [`"${url}"`, url],
    [`'${url}'`, url],
    [`“${url}”`, url],
    [`<${url}>`, url],
    [`(${url})`, url],
    [`[a](${url})`, url],
    [`<img src="${url}" alt="a">`, url],
    [`=HYPERLINK("${url}")`, url],
    [`"SKU1","${url}","ok"`, url],
    [`- ${url}`, url],
    [`1. ${url}`, url],
    [`\u200b${url}`, url],
    ['"https://ik.imagekit.io/demo/tr:w-1,h-1/a.jpg"', "https://ik.imagekit.io/demo/tr:w-1,h-1/a.jpg"],
  ])("a rejected line comes with a URL that would pass: for %j, %s", (input, suggestion) => {
    expect(new Set(suggestionsOf(input))).toEqual(new Set([suggestion]));
  });

  test.each([
    "a",
    "ftp://user@ik.imagekit.io/demo/a.jpg",
    "https://ik.imagekit.io/demo\\..\\other\\a.jpg",
    "ik.imagekit.io/demo/a.jpg?ik-t=1700000000&ik-s=0a1b2c",
    '"https://ik.imagekit.io/demo/a.jpg?ik-t=1700000000&ik-s=0a1b2c"',
    `“https://other.example/a.jpg”`,
    "https://ik.imagekit.io/demo/images and more",
  ])("nothing is suggested for %j, which no single change repairs or which has a signature", (input) => {
    expect(suggestionsOf(input)).toEqual([]);
  });
});

describe("messages", () => {
  test("a message about a foreign URL quotes it and names the configured endpoints", () => {
    const [violation] = rejectedLine("https://other.example/a.jpg").violations;
    expect(violation?.message).toContain('"other.example/a.jpg"');
    expect(violation?.message).toContain("https://ik.imagekit.io/demo/pattern/");
    expect(violation?.message).toContain("https://images.shop.example/");
  });

  test("a message says if no endpoint is configured, and names five of many", () => {
    const message = (count: number) => {
      const many = Array.from({ length: count }, (_, index) => ({ host: `h${index}.example`, path: "" }));
      return JSON.stringify(planLines([url], many));
    };
    expect(message(0)).toContain("none is configured");
    expect(message(7)).toContain("https://h4.example/ and 2 more");
  });

  test.each([
    `https://other.example/${"x".repeat(1_000_000)}`,
    "x".repeat(1_000_000),
    `${"x".repeat(1_000_000)}://a`,
    `https://${"x".repeat(1_000_000)}/`,
    `https://ik.imagekit.io/demo/*${"x".repeat(1_000_000)}`,
    `https://ik.imagekit.io/demo/${"/".repeat(1_000_000)}*`,
  ])("a message stays short for a line of a megabyte", (input) => {
    for (const { message, why = "" } of rejectedLine(input).violations) {
      expect(message.length).toBeLessThan(700);
      expect(why.length).toBeLessThan(700);
    }
  });

  test("a message omits the query, which may contain secrets other than ImageKit's", () => {
    const [violation] = rejectedLine("ik.imagekit.io/demo/a.jpg?token=hunter2").violations;
    expect(violation?.why).toContain('"ik.imagekit.io/demo/a.jpg?…"');
  });

  test.each([
    "https://user:hunter2@other.example/*/a",
    "user:hunter2@ik.imagekit.io/demo/a.jpg",
    "ik.imagekit.io/a@user:hunter2@x",
    "https://user:hunter2\\@ik.imagekit.io/demo/a.jpg",
  ])("a message never repeats the password of %j", (input) => {
    expect(JSON.stringify(rejectedLine(input).violations)).not.toContain("hunter2");
  });
});
