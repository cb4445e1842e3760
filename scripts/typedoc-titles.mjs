/** A typedoc plugin: names each guide by its own heading, as it has no front matter. */
import { Converter } from "typedoc";

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    for (const document of context.project.documents ?? []) {
      const [first] = document.content;
      const [, title] = /^# (.+)\n/.exec(first?.text ?? "") ?? [];
      if (title === undefined) continue;
      document.name = title;
      // The page has the name as its heading already.
      first.text = first.text.replace(/^# .+\n/, "");
    }
  });
}
