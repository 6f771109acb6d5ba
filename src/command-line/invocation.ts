/** What messages tell people to run: a project that has the package as a dependency does not have its command on the PATH. */
export const invocation = "npx --no-install purge-desk";
