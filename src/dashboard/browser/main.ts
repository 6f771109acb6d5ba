/** What the pages gain from a script; without it they read and submit all the same. */

import { copyButtons } from "./copy.ts";
import { filters } from "./filters.ts";
import { newRequest } from "./new-request.ts";
import { prepare } from "./prepare.ts";
import { refresh } from "./refresh.ts";
import { localTimes } from "./times.ts";

prepare(document);
localTimes(document);
copyButtons(document);
newRequest(document);
filters(document);
refresh(document);
