// Prints the keywords, literals and built-ins of highlight.js's grammars as JSON: {language: [word, …]}.
//   node tools/language_data/highlight_keywords.mjs highlight.js-11.12.0/package >keywords.json
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const { default: highlighter } = await import(pathToFileURL(resolve(process.argv[2], "lib/index.js")));

function words(keywords) {
  if (!keywords) return [];
  if (typeof keywords === "string") return keywords.split(" ");
  if (Array.isArray(keywords)) return keywords;
  // $pattern is a regular expression, not a list.
  return Object.entries(keywords).flatMap(([kind, listed]) => (kind === "$pattern" ? [] : words(listed)));
}

const found = {};
for (const name of highlighter.listLanguages()) {
  // "word|2" is a word and its weight.
  found[name] = words(highlighter.getLanguage(name).keywords).map((word) => word.split("|")[0]);
}
process.stdout.write(JSON.stringify(found));
