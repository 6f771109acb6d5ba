import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";

const source = new URL("../../src/", import.meta.url);

test("no two exported functions share a name, so that a search for one finds it alone", async () => {
  const paths = await readdir(source, { recursive: true });
  const filesOf = new Map<string, string[]>();
  for (const path of paths.filter((each) => /\.tsx?$/.test(each))) {
    const text = await readFile(new URL(path.replaceAll("\\", "/"), source), "utf8");
    for (const [, name = ""] of text.matchAll(/^export (?:async )?function\*? (\w+)/gm)) {
      filesOf.set(name, [...(filesOf.get(name) ?? []), path]);
    }
  }
  expect(filesOf.size).toBeGreaterThan(500);
  expect([...filesOf].filter(([, files]) => files.length > 1)).toEqual([]);
});
