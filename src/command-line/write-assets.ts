import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where this file is, built or not, the package's root is two folders above. */
const built = fileURLToPath(new URL("../../dist/package/assets/", import.meta.url));

/** Copies the dashboard's files to `assets/` below a folder, and gives their paths. Replaces older ones. */
export async function writeAssets(folder: string): Promise<readonly string[]> {
  const to = join(folder, "assets");
  await mkdir(to, { recursive: true });
  const written: string[] = [];
  for (const name of await readdir(built)) {
    await copyFile(join(built, name), join(to, name));
    written.push(join(to, name));
  }
  return written;
}
