import type { Command } from "commander";
import type { Plan, PlanLine } from "../../client/client.ts";
import { exitCodes } from "../exit-codes.ts";
import { namingLines } from "../lines-refused.ts";
import { reasonsOf } from "../name-lines.ts";
import { printJson, printLine } from "../print.ts";
import { readTargets, type SourceOf, type TargetOptions, withSource } from "../read-targets.ts";
import type { Session } from "../session.ts";
import { type Cell, type Paint, painter, plural, table } from "../terminal.ts";
import { type DeskOptions, deskCommand, deskOf, withTargets } from "./options.ts";

export function planCommand(session: Session): Command {
  return withTargets(deskCommand("plan"))
    .description("Say what purging these would do and cost; it charges nothing")
    .action(async (args: readonly string[], options: DeskOptions & TargetOptions) => {
      const desk = deskOf(options, session);
      const { stdin, stdout } = session.streams;
      const { request, sourceOf, asWritten } = await readTargets(args, options, stdin);
      const plan = await desk.plan(request).catch(namingLines(sourceOf));
      if (options.json) printJson(stdout, { ...plan, lines: plan.lines.map(withSource(sourceOf)) });
      else {
        const lines = [...asWritten(plan.lines)];
        printLine(stdout, describe({ ...plan, lines }, sourceOf, painter(stdout)));
      }
      const isRejected = plan.lines.some(({ verdict }) => verdict === "rejected");
      if (isRejected || plan.availableAfter < 0) session.exitWith(exitCodes.refused);
    });
}

function describe(
  { units, lines, covers, budget, availableAfter }: Plan,
  sourceOf: SourceOf,
  paint: Paint,
): string {
  const rows = lines.flatMap((line): readonly (readonly Cell[])[] => [
    [sourceOf(line.line), verdictCell(line), unitsOf(line), line.input],
    ...notesOf(line).map((note) => ["", "", "", { text: note, style: "dim" }] as const),
  ]);
  const left = `${availableAfter.toLocaleString("en")} of ${budget.quota.toLocaleString("en")} left afterwards`;
  const offers = covers.map(
    ({ prefix, unitsNow, unitsThen }) =>
      `--cover ${prefix} would cost ${plural(unitsThen, "unit")} instead of ${unitsNow.toLocaleString("en")}.`,
  );
  const enough = availableAfter < 0 ? [paint("red", "The budget does not cover this.")] : [];
  return [table(rows, paint), `${paint("bold", plural(units, "unit"))}; ${left}.`, ...enough, ...offers].join(
    "\n",
  );
}

function verdictCell({ verdict }: PlanLine): Cell {
  return verdict === "rejected" ? { text: verdict, style: "red" } : verdict;
}

function unitsOf(line: PlanLine): string {
  if (line.verdict === "accepted") return "1";
  return line.verdict === "image" ? String(line.units) : "";
}

function notesOf(line: PlanLine): readonly string[] {
  if (line.verdict === "rejected") return reasonsOf(line);
  return "warnings" in line ? line.warnings.map(({ message }) => message) : [];
}
