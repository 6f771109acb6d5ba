import { createRouter } from "../../http/router.ts";
import { type Desk, requirePerson } from "../desk.ts";
import { showPage } from "../page.tsx";

export function newRequestRoute(desk: Desk) {
  return createRouter().get("/new", requirePerson(desk, "read"), async (c) => {
    const { ledger } = c.get("services");
    const health = await ledger.health();
    const about = { title: "New request", caller: c.get("caller"), health, section: "new" } as const;
    return showPage(c, desk, about, <h1>New request</h1>);
  });
}
