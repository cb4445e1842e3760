#!/usr/bin/env node
/*!
 * Bundles commander (https://github.com/tj/commander.js), MIT License,
 * Copyright (c) 2011 TJ Holowaychuk <tj@vision-media.ca>.
 */
import { runCli } from "./run-cli.ts";

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  onInterrupt(listener) {
    process.once("SIGINT", listener);
    process.once("SIGTERM", listener);
    return () => {
      process.off("SIGINT", listener);
      process.off("SIGTERM", listener);
    };
  },
});
