### What pages say, in English. docs/translating.md says how to add a language.
