/**
 * The official client, `@kestra-io/kestra-sdk` 0.24.1. Its package lacks files that it requires, so it cannot be imported
 * as it is: each that is missing is stubbed by an empty module here, and nothing else is touched.
 */
const Module = require("node:module");

const resolve = Module._resolveFilename;
Module._resolveFilename = function resolveOrStub(request, parent, ...rest) {
  try {
    return resolve.call(this, request, parent, ...rest);
  } catch (error) {
    const isInside = parent?.filename?.includes("kestra-sdk") && request.startsWith(".");
    if (error.code === "MODULE_NOT_FOUND" && isInside) return require.resolve("./stub.cjs");
    throw error;
  }
};

module.exports = require("@kestra-io/kestra-sdk");
