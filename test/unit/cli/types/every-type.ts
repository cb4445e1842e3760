/** A flow with every type of input and output that there is, and one that there is not. */
export const everyType = String.raw`
id: every-type
namespace: team.red
description: |
  Does */ things.
  Twice.
inputs:
  - {id: who, type: STRING, description: Who is greeted., validator: "^[a-z]+$"}
  - {id: pin, type: SECRET}
  - {id: mail, type: EMAIL}
  - {id: link, type: URI}
  - {id: yam, type: YAML}
  - {id: n, type: INT, min: 1, max: 10, defaults: 3}
  - {id: f, type: FLOAT, required: false}
  - {id: b, type: BOOL, defaults: false}
  - {id: b2, type: BOOLEAN}
  - {id: mode, type: SELECT, values: [quick, "a\"b"], defaults: quick}
  - {id: open, type: SELECT, values: [x], allowCustomValue: true}
  - {id: old, type: ENUM, values: [x, y]}
  - {id: many, type: MULTISELECT, values: [a, b], required: false}
  - {id: at, type: DATETIME}
  - {id: at2, type: DATETIME, required: false}
  - {id: day, type: DATE}
  - {id: clock, type: TIME}
  - {id: span, type: DURATION}
  - {id: doc, type: FILE}
  - {id: data, type: JSON}
  - {id: ids, type: ARRAY, itemType: STRING}
  - {id: nums, type: ARRAY, itemType: INT, required: false}
  - {id: "nested.name", type: STRING}
  - {id: strange, type: HOLOGRAM}
outputs:
  - {id: greeting, type: STRING, value: x}
  - {id: count, type: INT, value: x}
  - {id: maybe, type: STRING, value: x, required: false}
  - {id: json, type: JSON, value: x}
  - {id: list, type: ARRAY, itemType: STRING, value: x}
  - {id: file, type: FILE, value: x}
  - {id: odd, type: HOLOGRAM, value: x}
tasks: []
`;
