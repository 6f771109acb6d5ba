/** `npm run generate`: writes the files that are made from others and checked in. Runs before start, test and build. */

import { writeLuaScripts } from "./lua-scripts.ts";
import { writeOpenApi } from "./write-openapi.ts";

await writeLuaScripts();
await writeOpenApi();
