/** `npm run lint:lua`: runs luacheck over the ledger's scripts as Redis receives them, with their included parts. */

import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assembleScripts, readLuaFiles } from "./lua-scripts.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "purge-desk-lua-"));
try {
  const scripts = assembleScripts(await readLuaFiles());
  for (const { name, source } of scripts) await writeFile(join(folder, `${name}.lua`), source);
  const { error, status } = spawnSync(
    "luacheck",
    ["--config", join(root, ".luacheckrc"), "--codes", "--quiet", folder],
    {
      stdio: "inherit",
    },
  );
  if (error) console.error(`luacheck cannot be run (${error.message}); Debian's package is lua-check`);
  process.exitCode = status ?? 1;
} finally {
  await rm(folder, { recursive: true });
}
