import type { Reporter, TestModule } from "vitest/node";

/** Ends a run with the one line that `.ci/run` promises, whatever other reporters print. */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    let skipped = 0;
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "failed") failed += 1;
        else skipped += 1;
      }
    }
    const skippedPart = skipped > 0 ? `, ${skipped} skipped` : "";
    // After the other reporters' summaries, so that it is the last line of the output.
    process.on("exit", () => console.log(`${passed} passed, ${failed} failed${skippedPart}`));
  }
}
