import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { analyse } from "scslre";
import { expect, test } from "vitest";
import { parseAst } from "vitest/node";
import * as z from "zod";

/** `src/build` reads nothing but our own sources. */
const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !file.startsWith("build/"))
  .map((file) => join("src", file));

/** Put together from parts, where no literal could be read: each is pumped in pumped-text.test.ts. */
const assembled = ["src/domain/ids.ts", "src/rules/signed-url.ts", "src/rules/visible-text.ts"];

test("no regular expression in src can take more time than in proportion to what it reads", () => {
  const found = literals();
  expect(found.length).toBeGreaterThan(100);
  const slow = found.filter(({ source, flags }) => analyse({ source, flags }).reports.length > 0);
  expect(slow).toEqual([]);
});

test("regular expressions are literals, so that all of them are looked at", () => {
  const made = files.filter((file) => /\bRegExp\(/.test(readFileSync(file, "utf8")));
  expect(made.sort()).toEqual(assembled);
});

test("a regular expression that takes the square of what it reads is found", () => {
  expect(analyse({ source: "[ .]+$", flags: "" }).reports).not.toEqual([]);
});

type RegularExpression = { readonly file: string; readonly source: string; readonly flags: string };

const literal = z.object({
  type: z.literal("Literal"),
  regex: z.object({ pattern: z.string(), flags: z.string() }),
});

function literals(): readonly RegularExpression[] {
  return files.flatMap((file) => {
    const text = readFileSync(file, "utf8");
    const { code } = transformSync(text, { loader: file.endsWith("x") ? "tsx" : "ts", target: "esnext" });
    return literalsIn(parseAst(code)).map(({ pattern, flags }) => ({ file, source: pattern, flags }));
  });
}

function literalsIn(node: unknown): readonly { readonly pattern: string; readonly flags: string }[] {
  if (typeof node !== "object" || node === null) return [];
  const parsed = literal.safeParse(node);
  return parsed.success ? [parsed.data.regex] : Object.values(node).flatMap(literalsIn);
}
