import type { LineVerdict } from "../../domain/verdict.ts";
import type { JoinedLine } from "../../use-cases/plan-purges.ts";

/** What would happen to a line: the rules' verdict, or that it joins a purge. */
export type PlannedLine = LineVerdict | JoinedLine;
