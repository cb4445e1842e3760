/** Stands for a file that the official client requires and does not ship. */
class Missing {}
module.exports = { __esModule: true, default: Missing };
