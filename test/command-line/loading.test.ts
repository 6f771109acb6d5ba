import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { bundleCommandLine } from "../../src/build/package-parts.ts";

/** What loading a module loads at once, itself included: files of the package, and names of others. */
async function loadedBy(file: string, known = new Set<string>()): Promise<ReadonlySet<string>> {
  known.add(file);
  const text = await readFile(file, "utf8");
  for (const [, specifier = ""] of text.matchAll(/^(?:import|export) ?(?:[^"`;]* from )?"([^"]+)";$/gm)) {
    const imported = specifier.startsWith(".") ? join(dirname(file), specifier) : specifier;
    if (!known.has(imported) && specifier.startsWith(".")) await loadedBy(imported, known);
    known.add(imported);
  }
  return known;
}

test("a command starts with the client and the parser only: what operators' commands need is loaded when they run", async () => {
  const folder = await mkdtemp(join(tmpdir(), "purge-desk-loading-"));
  try {
    const loaded = await loadedBy(await bundleCommandLine(folder));
    const packages = [...loaded].filter((name) => !name.startsWith(folder) && !name.startsWith("node:"));
    const code = await Promise.all(
      [...loaded].filter((name) => name.startsWith(folder)).map((file) => readFile(file)),
    );
    expect(packages).toEqual(["commander"]);
    // 44 kB when this was written; the ledger and the settings are 250 kB more.
    expect(Buffer.concat(code).length).toBeLessThan(80_000);
  } finally {
    await rm(folder, { recursive: true });
  }
});
