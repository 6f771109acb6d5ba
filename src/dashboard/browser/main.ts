/** What the pages gain from a script; without it they read and submit all the same. */

import { copyButtons } from "./copy-buttons.ts";
import { filters } from "./filters.ts";
import { localTimes, rewriteTimes } from "./local-times.ts";
import { newRequest } from "./new-request/new-request.ts";
import { refresh } from "./refresh/refresh.ts";

rewriteTimes(document);
localTimes(document);
copyButtons(document);
newRequest(document);
filters(document);
refresh(document);
