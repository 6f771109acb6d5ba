import { createRouter } from "../../http/router.ts";
import { type Desk, requirePerson } from "../desk.ts";
import { showPage } from "../page.tsx";

export function budgetPageRoute(desk: Desk) {
  return createRouter().get("/budget", requirePerson(desk, "read"), async (c) => {
    const { ledger } = c.get("services");
    const health = await ledger.health();
    const about = { title: "Budget", caller: c.get("caller"), health, section: "budget" } as const;
    return showPage(c, desk, about, <h1>Budget</h1>);
  });
}
