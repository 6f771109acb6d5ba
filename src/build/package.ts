/** `npm pack` (prepack): builds what the npm package has, into dist/package. */

import { fileURLToPath } from "node:url";
import { buildPackage } from "./build-package.ts";

await buildPackage(fileURLToPath(new URL("../../dist/package/", import.meta.url)));
