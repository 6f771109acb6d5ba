import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import {
  filesOf,
  generatedScripts,
  generateModule,
  readLuaFiles,
  scopeOf,
} from "../../src/build/lua-scripts.ts";

test("the checked-in module of the ledger's scripts is what `npm run generate` would write now", async () => {
  expect(await readFile(generatedScripts, "utf8")).toBe(generateModule(await readLuaFiles()));
});

test("a script contains each included Lua file once, after all files that it includes itself", () => {
  const files = new Map([
    ["decide", "--@include pace\n--@include setup\n--@include books\n"],
    ["lib/books", "--@include setup\n"],
    ["lib/pace", "--@include books\n"],
    ["lib/setup", ""],
  ]);
  expect(filesOf("decide", files)).toEqual(["lib/setup", "lib/books", "lib/pace", "decide"]);
});

test("the error about a missing Lua file names it and the file that includes it", () => {
  expect(() => filesOf("decide", new Map([["decide", "--@include nothing\n"]]))).toThrow(
    "decide includes lib/nothing, which does not exist",
  );
});

test("Lua files that include each other are refused", () => {
  const files = new Map([
    ["decide", "--@include a\n"],
    ["lib/a", "--@include b\n"],
    ["lib/b", "--@include a\n"],
  ]);
  expect(() => filesOf("decide", files)).toThrow(
    "decide includes lib/a includes lib/b includes lib/a: a circle",
  );
});

test("a Lua file of lib that no script includes is refused", () => {
  const files = new Map([
    ["decide", ""],
    ["lib/unused", ""],
  ]);
  expect(() => generateModule(files)).toThrow("no script includes lib/unused");
});

test("of a Lua file, a script sees the names that it exports", () => {
  const text = "-- Counts.\n--@exports count, reset\nlocal n = 0\nfunction count() n = n + 1 end\n";
  expect(scopeOf("lib/count", text)).toBe(
    "-- Counts.\nlocal count, reset do\nlocal n = 0\nfunction count() n = n + 1 end\nend\n",
  );
});

test("a Lua file may export more names than one line holds, or all by exporting none", () => {
  const lines = ["--@exports a, b", "--@exports c", "a, b, c = 1, 2, 3"];
  expect(scopeOf("lib/names", `${lines.join("\n")}\n`)).toBe(
    "local a, b\nlocal c do\na, b, c = 1, 2, 3\nend\n",
  );
  expect(scopeOf("lib/setup", "local call = redis.call\n")).toBe("local call = redis.call\n");
});

test.each(["local function count() end", "local count = 0", "local n, count = 0, 0", "local count"])(
  "a name that a Lua file exports and hides is refused: %s",
  (line) => {
    expect(() => scopeOf("lib/count", `--@exports count\n${line}\n`)).toThrow(
      'lib/count exports count, so it is defined without "local"',
    );
  },
);
