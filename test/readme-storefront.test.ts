import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import * as z from "zod";

const root = new URL("../", import.meta.url);
const read = (path: string) => readFile(new URL(path, root), "utf8");

/** Without the indentation that a numbered list needs. */
const flat = (text: string) => text.replace(/^ +/gm, "");

test("the functions that the README shows for a storefront are those of the storefront that CI runs", async () => {
  const readme = flat(await read("README.md"));
  const folder = "test/fixtures/storefront/netlify/functions";
  const mounted = (await readdir(new URL(folder, root))).filter((name) => name.startsWith("purge-desk-"));
  expect(mounted).toHaveLength(3);
  for (const name of mounted) {
    expect(readme).toContain(
      `\`netlify/functions/${name}\`\n\`\`\`js\n${flat(await read(`${folder}/${name}`))}\`\`\``,
    );
  }
});

test("the build of the storefront that CI builds writes the dashboard's files as the README says", async () => {
  const { scripts } = z
    .object({ scripts: z.object({ build: z.string() }) })
    .parse(JSON.parse(await read("test/fixtures/storefront/package.json")));
  const [step = ""] = /&& purge-desk assets \S+$/.exec(scripts.build) ?? [];
  expect(step).toContain("purge-desk assets");
  expect(await read("README.md")).toContain(`\`${step}\``);
});

test("the plugin is set up in the README as in the storefront that CI builds", async () => {
  const readme = await read("README.md");
  const settings = await read("test/fixtures/storefront/netlify.toml");
  const [plugin = ""] = /# Purges the images[\s\S]*?(?=\n\n)/.exec(settings) ?? [];
  expect(plugin).toContain("[[plugins]]");
  expect(readme).toContain(`\`\`\`toml\n${plugin}\n\`\`\``);
});

test("the README's table of the plugin's inputs names each one", async () => {
  const readme = await read("README.md");
  const manifest = await read("src/netlify/build-plugin/manifest.yml");
  const names = [...manifest.matchAll(/- name: (\w+)/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(3);
  for (const name of names) expect(readme).toMatch(new RegExp(`^\\| \`${name}\` +\\|`, "m"));
});
