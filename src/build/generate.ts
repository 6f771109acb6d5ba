/** `npm run generate`: writes the generated files that are checked in. Runs before start, test and build. */

import { writeLuaScripts } from "./lua-scripts.ts";

await writeLuaScripts();
// The OpenAPI document is made from the code, which imports the scripts.
const { writeOpenApi } = await import("./write-openapi.ts");
await writeOpenApi();
const { writeClientTypes } = await import("./client-types.ts");
await writeClientTypes();
