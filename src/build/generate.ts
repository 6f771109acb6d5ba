/** `npm run generate`: writes the generated files that are checked in. Runs before start, test and build. */

import { writeLuaScripts } from "./lua-scripts.ts";
import { writeOpenApi } from "./write-openapi.ts";

await writeLuaScripts();
await writeOpenApi();
